/// One record of a test zone: the two types that finding an XMPP server takes.
enum ZoneRecord {
    /// Where a service is offered (RFC 2782).
    case service(priority: UInt16, weight: UInt16, port: UInt16, target: String)
    /// An IPv4 address.
    case address([UInt8])

    /// The number of the record's type.
    var type: UInt16 {
        switch self {
        case .service: 33
        case .address: 1
        }
    }

    /// The record's data on the wire; names are not compressed, as RFC 2782 wants it.
    var data: [UInt8] {
        switch self {
        case .service(let priority, let weight, let port, let target):
            [priority, weight, port].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } + Self.encode(name: target)
        case .address(let octets): octets
        }
    }

    /// A name as labels, each with its length.
    private static func encode(name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) } + [0]
    }
}
