internal import XMPPModel

/// The text form of records in master files.
extension DNSRecord {
    /// The record as a line of a master file, without the line end: owner, time to live, class, type, data
    /// (RFC 1035 §5.1).
    ///
    /// Data of an unknown type, or without the form of their type, are in the form of RFC 3597 §5. Data that a server
    /// sent are escaped: the line holds printable ASCII only.
    public var presentation: String {
        "\(owner.absoluteText) \(timeToLive) IN \(type) \(data.presentation(of: type))"
    }
}

extension DNSName {
    /// The name with a final dot.
    var absoluteText: String { isRoot ? "." : "\(self)." }
}

extension RecordData {
    /// The data in the text form of their type (RFC 1035 §5.1, RFC 4034, RFC 5155, RFC 6698, RFC 9460).
    public func presentation(of type: RecordType) -> String {
        switch self {
        case .a(let address), .aaaa(let address): "\(address)"
        case .srv(let priority, let weight, let port, let target):
            "\(priority) \(weight) \(port) \(target.absoluteText)"
        case .cname(let name), .ns(let name): name.absoluteText
        case .soa(let start):
            "\(start.primaryServer.absoluteText) \(start.responsibleMailbox.absoluteText) \(start.serial)"
                + " \(start.refresh) \(start.retry) \(start.expire) \(start.minimum)"
        case .tlsa(let record) where !record.data.isEmpty:
            "\(record.usage) \(record.selector) \(record.matching) \(OctetText.hexadecimal(record.data))"
        case .tlsa: Self.generic(octets)
        case .other(let octets): DataText.text(of: octets, type: type) ?? Self.generic(octets)
        }
    }

    private static func generic(_ octets: [UInt8]) -> String {
        octets.isEmpty ? "\\# 0" : "\\# \(octets.count) \(OctetText.hexadecimal(octets))"
    }
}
