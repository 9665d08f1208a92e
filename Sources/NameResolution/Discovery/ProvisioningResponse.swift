/// What a web server answered in the end to the request for a provisioning domain's additional information.
public struct ProvisioningResponse: Hashable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// The `Content-Type` field.
    public var mediaType: String?
    /// The content.
    public var body: [UInt8]

    /// Makes a response.
    public init(status: Int, mediaType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
    }

    /// The media type, parameters left out, in lower case.
    var essence: String? {
        mediaType.map { text in
            let end = text.firstIndex(of: ";") ?? text.endIndex
            return text[..<end].filter { $0 != " " && $0 != "\t" }.lowercased()
        }
    }
}
