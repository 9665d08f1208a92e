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

extension DesignatingResolver {
    /// Whether we connect there for it: what came in clear does not send us into our own host or link (RFC 9461 §7.2), save
    /// from a resolver that is there itself.
    func mayDesignate(_ found: IPAddress) -> Bool {
        guard case .address(let own) = self else { return true }
        return found == own || found.reach == .everywhere || (found.reach == own.reach && own.reach != .nowhere)
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
    /// How far an address leads (RFC 6890).
    fileprivate enum Reach {
        case host
        case link
        case everywhere
        /// To no single host, or to this one by an address that is none: unspecified, multicast, reserved.
        case nowhere
    }

    fileprivate var reach: Reach {
        let octets = octets
        guard family == .v6 else { return Self.reach(ofIPv4: octets) }
        if octets[0] == 0xFF || octets.allSatisfy({ $0 == 0 }) { return .nowhere }
        if octets[0] == 0xFE, octets[1] & 0xC0 == 0x80 { return .link }
        guard octets[..<10].allSatisfy({ $0 == 0 }) else { return .everywhere }
        if octets[10..<15].allSatisfy({ $0 == 0 }), octets[15] == 1 { return .host }
        // Mapped or compatible: the other family in disguise.
        return Self.reach(ofIPv4: Array(octets[12...]))
    }

    private static func reach(ofIPv4 octets: [UInt8]) -> Reach {
        switch (octets[0], octets[1]) {
        case (127, _): .host
        case (169, 254): .link
        case (0, _), (224..., _): .nowhere
        default: .everywhere
        }
    }

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
