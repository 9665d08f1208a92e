internal import XMPPModel

/// One resource record of class IN.
public struct DNSRecord: Hashable, Sendable {
    /// The name that it belongs to.
    public let owner: DNSName
    /// Its type.
    public let type: RecordType
    /// Seconds that it may be cached.
    public let timeToLive: UInt32
    /// Its data.
    public let data: RecordData

    /// Makes a record of a type that ``RecordData`` knows by name.
    ///
    /// - Returns: nil for ``RecordData/other(_:)``, which does not tell its type.
    public init?(owner: DNSName, timeToLive: UInt32, data: RecordData) {
        guard let type = data.type else { return nil }
        self.init(owner: owner, type: type, timeToLive: timeToLive, data: data)
    }

    /// Makes a record of a type that ``RecordData`` does not know, from the octets of its data.
    public init(owner: DNSName, type: RecordType, timeToLive: UInt32, octets: [UInt8]) {
        self.init(owner: owner, type: type, timeToLive: timeToLive, data: .other(octets))
    }

    init(owner: DNSName, type: RecordType, timeToLive: UInt32, data: RecordData) {
        self.owner = owner
        self.type = type
        self.timeToLive = timeToLive
        self.data = data
    }

    /// The whole record on the wire, names uncompressed and in lower case (RFC 4034 §6.2).
    public var wire: [UInt8] {
        let octets = data.octets
        var wire = owner.wire
        wire.appendBigEndian(type.rawValue)
        wire.appendBigEndian(MessageFormat.classInternet)
        wire.appendBigEndian(timeToLive)
        wire.appendBigEndian(UInt16(truncatingIfNeeded: octets.count))
        return wire + octets
    }
}

extension RecordData {
    var type: RecordType? {
        switch self {
        case .a: .a
        case .aaaa: .aaaa
        case .srv: .srv
        case .cname: .cname
        case .ns: .ns
        case .soa: .soa
        case .tlsa: .tlsa
        case .other: nil
        }
    }

    /// The data on the wire, names uncompressed.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        switch self {
        case .a(let address), .aaaa(let address):
            octets = address.octets
        case .srv(let priority, let weight, let port, let target):
            for number in [priority, weight, port] { octets.appendBigEndian(number) }
            octets += target.wire
        case .cname(let name), .ns(let name):
            octets = name.wire
        case .soa(let start):
            octets = start.primaryServer.wire + start.responsibleMailbox.wire
            for number in [start.serial, start.refresh, start.retry, start.expire, start.minimum] {
                octets.appendBigEndian(number)
            }
        case .tlsa(let record):
            octets = [record.usage, record.selector, record.matching] + record.data
        case .other(let data):
            octets = data
        }
        return octets
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
