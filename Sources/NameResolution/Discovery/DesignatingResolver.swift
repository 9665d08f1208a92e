public import DNSMessages

/// Who is asked which encrypted resolvers take its place, and what these have to prove (RFC 9462 §4, §5).
///
/// A designation counts for the one who gave it and for nobody else (DD-04).
public enum DesignatingResolver: Hashable, Sendable {
    /// An unencrypted resolver, known by its address.
    case address(IPAddress)
    /// An encrypted resolver, known by its name.
    case name(DNSName)

    /// The name of which nothing but service bindings may be asked.
    static let specialUse = DNSName(canonical: ["resolver", "arpa"])

    /// What to ask it before anything else.
    ///
    /// - Returns: nil when the name is too long to stand below `_dns`.
    public var question: DNSQuestion? {
        let authority =
            switch self {
            case .address: Self.specialUse
            case .name(let name): name
            }
        return (try? authority.prefixed(by: "_dns")).map { DNSQuestion($0, .svcb) }
    }

    /// What the certificate has to have as a subject's alternative name, and the host of the URI for DNS over HTTPS
    /// (RFC 9462 §4.2, §5, §6.3): the original address or name, whatever the designation says.
    public var authenticationName: String {
        switch self {
        case .address(let address): address.description
        case .name(let name): name.description
        }
    }
}

extension DNSName {
    /// A name of labels that are known to be good ones.
    fileprivate init(canonical labels: [String]) {
        let name = labels.reversed().reduce(DNSName.root) { name, label in
            (try? name.prefixed(by: label)) ?? name
        }
        self = name
    }
}

extension IPAddress {
    /// Whether nobody can have a certificate for it: private, unique local, link-local, or of this host (RFC 9462
    /// §4.3).
    var isPrivate: Bool {
        let octets = octets
        return switch family {
        case .v4:
            octets[0] == 10 || octets[0] == 127 || (octets[0] == 172 && octets[1] & 0xF0 == 16)
                || (octets[0] == 192 && octets[1] == 168) || (octets[0] == 169 && octets[1] == 254)
        case .v6:
            octets[0] & 0xFE == 0xFC || (octets[0] == 0xFE && octets[1] & 0xC0 == 0x80)
                || (octets.dropLast().allSatisfy { $0 == 0 } && octets[15] == 1)
        }
    }
}
