/// The type of a resource record (RFC 1035 §3.2.2 and the IANA registry).
public struct RecordType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// A type by its number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// An IPv4 address.
    public static let a = RecordType(rawValue: 1)
    /// A name server of a zone.
    public static let ns = RecordType(rawValue: 2)
    /// An alias.
    public static let cname = RecordType(rawValue: 5)
    /// The start of a zone's authority.
    public static let soa = RecordType(rawValue: 6)
    /// An IPv6 address (RFC 3596).
    public static let aaaa = RecordType(rawValue: 28)
    /// The location of a service (RFC 2782).
    public static let srv = RecordType(rawValue: 33)
    /// A redirection of a whole subtree (RFC 6672).
    public static let dname = RecordType(rawValue: 39)
    /// A certificate association (RFC 6698).
    public static let tlsa = RecordType(rawValue: 52)

    static let opt = RecordType(rawValue: 41)

    private static let names: [RecordType: String] = [
        .a: "A", .ns: "NS", .cname: "CNAME", .soa: "SOA", .aaaa: "AAAA", .srv: "SRV", .dname: "DNAME", .tlsa: "TLSA",
        .opt: "OPT",
    ]
}

extension RecordType: CustomStringConvertible {
    /// The mnemonic, or `TYPE` and the number (RFC 3597 §5).
    public var description: String { Self.names[self] ?? "TYPE\(rawValue)" }

    /// A type by its mnemonic or its `TYPE123` form, in any letter case; nil when it is unknown.
    public init?(_ text: some StringProtocol) {
        let mnemonic = text.uppercased()
        if let known = Self.names.first(where: { $0.value == mnemonic }) {
            self = known.key
        } else if mnemonic.hasPrefix("TYPE"), let number = UInt16(mnemonic.dropFirst(4)) {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }
}
