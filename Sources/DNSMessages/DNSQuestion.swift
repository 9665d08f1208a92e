/// What is asked of DNS: the records of one type at one name, class IN.
public struct DNSQuestion: Hashable, Sendable {
    /// The name asked about.
    public let name: DNSName
    /// The type of the records wanted.
    public let type: RecordType

    /// Makes a question.
    public init(_ name: DNSName, _ type: RecordType) {
        self.name = name
        self.type = type
    }
}

extension DNSQuestion: CustomStringConvertible {
    /// Name and type as in a log line: `_xmpp-server._tcp.example SRV`.
    public var description: String { "\(name) \(type)" }
}
