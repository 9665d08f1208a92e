/// What a scripted server sends.
public struct ScriptedReply: Hashable, Sendable {
    /// The status.
    public var status: Int
    /// The header fields besides `Content-Length`.
    public var fields: [(String, String)] {
        get { pairs.map { ($0.name, $0.value) } }
        set { pairs = newValue.map { Pair(name: $0.0, value: $0.1) } }
    }
    /// The content that is sent.
    public var body: [UInt8]
    /// What `Content-Length` says, when it is not the truth; nil for the truth.
    public var claimedLength: Int?
    /// How long the server waits before it answers; nil: not at all.
    public var delay: Duration?
    /// Whether the connection is closed behind the answer.
    public var closes = false
    /// Whether nothing is sent at all.
    public var isSilent = false
    /// Bytes that are sent instead of everything else.
    public var raw: [UInt8]?

    private var pairs: [Pair]

    private struct Pair: Hashable {
        var name: String
        var value: String
    }

    /// An answer.
    public init(_ status: Int = 200, fields: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.body = body
        pairs = fields.map { Pair(name: $0.0, value: $0.1) }
    }

    /// The octets to send.
    var octets: [UInt8] {
        if isSilent { return [] }
        if let raw { return raw }
        var text = "HTTP/1.1 \(status) Scripted\r\n"
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        text += "Content-Length: \(claimedLength ?? body.count)\r\n\r\n"
        return Array(text.utf8) + body
    }
}
