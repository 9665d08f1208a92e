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
    /// A name that an address belongs to, or any other pointer.
    public static let ptr = RecordType(rawValue: 12)
    /// A mail exchanger.
    public static let mx = RecordType(rawValue: 15)
    /// Text.
    public static let txt = RecordType(rawValue: 16)
    /// An IPv6 address (RFC 3596).
    public static let aaaa = RecordType(rawValue: 28)
    /// The location of a service (RFC 2782).
    public static let srv = RecordType(rawValue: 33)
    /// A redirection of a whole subtree (RFC 6672).
    public static let dname = RecordType(rawValue: 39)
    /// The digest of a child zone's key (RFC 4034 §5).
    public static let ds = RecordType(rawValue: 43)
    /// The signature of a set of records (RFC 4034 §3).
    public static let rrsig = RecordType(rawValue: 46)
    /// The next name of a zone and the types at this one: denial of existence (RFC 4034 §4).
    public static let nsec = RecordType(rawValue: 47)
    /// A zone's public key (RFC 4034 §2).
    public static let dnskey = RecordType(rawValue: 48)
    /// Denial of existence by hashed names (RFC 5155 §3).
    public static let nsec3 = RecordType(rawValue: 50)
    /// How a zone hashes its names (RFC 5155 §4).
    public static let nsec3param = RecordType(rawValue: 51)
    /// A certificate association (RFC 6698).
    public static let tlsa = RecordType(rawValue: 52)
    /// How a service is reached (RFC 9460).
    public static let svcb = RecordType(rawValue: 64)
    /// How an HTTPS server is reached (RFC 9460 §9).
    public static let https = RecordType(rawValue: 65)

    static let opt = RecordType(rawValue: 41)

    private static let names: [RecordType: String] = [
        .a: "A", .ns: "NS", .cname: "CNAME", .soa: "SOA", .ptr: "PTR", .mx: "MX", .txt: "TXT", .aaaa: "AAAA",
        .srv: "SRV", .dname: "DNAME", .opt: "OPT", .ds: "DS", .rrsig: "RRSIG", .nsec: "NSEC", .dnskey: "DNSKEY",
        .nsec3: "NSEC3", .nsec3param: "NSEC3PARAM", .tlsa: "TLSA", .svcb: "SVCB", .https: "HTTPS",
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
