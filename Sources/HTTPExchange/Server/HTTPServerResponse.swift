/// What our server answers. `Content-Length`, `Date` and `Connection` are added on the way out; to HEAD goes no content.
public struct HTTPServerResponse: Hashable, Sendable {
    /// The status, 200…599.
    public var status: Int
    /// The header fields; one that could end itself or begin another is left out.
    public var fields: [HTTPField]
    /// The content.
    public var body: [UInt8]

    /// Makes a response.
    public init(status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
