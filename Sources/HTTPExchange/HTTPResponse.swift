/// What a server answered.
public struct HTTPResponse: Hashable, Sendable {
    /// The status, 200…599. A redirection is one like any other: it is for the asker to follow it.
    public let status: Int
    /// The header fields in the order of arrival; trailers are left out.
    public let fields: [HTTPField]
    /// The content as it was sent; no coding is undone.
    public let body: [UInt8]
    /// Whether the server had proved who it is.
    public let isAuthenticated: Bool
    /// The version in which it was asked: `1.1` or `2`.
    public let version: String
    /// Whether the connection was there already.
    public let usedKeptConnection: Bool

    /// Makes a response.
    public init(
        status: Int, fields: [HTTPField] = [], body: [UInt8] = [], isAuthenticated: Bool = true,
        version: String = "1.1", usedKeptConnection: Bool = false
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.isAuthenticated = isAuthenticated
        self.version = version
        self.usedKeptConnection = usedKeptConnection
    }

    /// Whether the request succeeded (2xx).
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The value of the first field of this name; nil when there is none.
    public func value(of name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    /// The media type in lower case, without parameters: `application/dns-message`.
    public var mediaType: String? {
        value(of: "content-type").map { value in
            let bare = value.prefix { $0 != ";" }
            return bare.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
    }

    /// How long the content has been in caches on the way, in seconds (RFC 9111 §5.1); zero when nothing sensible is said.
    public var age: Int {
        // More than this nobody keeps anything, and it says the same.
        guard let text = value(of: "age")?.prefix(while: { $0 != "," }), !text.isEmpty,
            text.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
        else { return 0 }
        return min(Int(text) ?? Self.longestAge, Self.longestAge)
    }

    /// Where a redirection leads, as the server wrote it.
    public var location: String? { value(of: "location") }

    private static let longestAge = 0x7FFF_FFFF
}
