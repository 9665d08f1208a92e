/// What a client asked of our server.
public struct HTTPServerRequest: Hashable, Sendable {
    /// The method as it was sent, known or not.
    public let method: String
    /// The target as it was sent, without a query: a path, a whole URL, or anything else.
    public let target: String
    /// The header fields in the order of arrival.
    public let fields: [HTTPField]
    /// Whether it comes before HTTP/1.1, which made a `Host` field a duty (RFC 9112 §3.2).
    public let isBeforeHTTP11: Bool
    /// Whether content follows.
    public let hasContent: Bool

    /// Makes a request.
    public init(
        method: String = "GET", target: String, fields: [HTTPField] = [], isBeforeHTTP11: Bool = false,
        hasContent: Bool = false
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.isBeforeHTTP11 = isBeforeHTTP11
        self.hasContent = hasContent
    }

    /// The values of all fields of this name.
    public func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }
}
