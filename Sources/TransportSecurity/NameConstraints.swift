internal import COpenSSL
internal import XMPPModel

/// The name constraints along a path, as far as they concern the names of a server (RFC 5280 §4.2.1.10, RFC 4985 §4).
///
/// OpenSSL applies those for dNSName, iPAddress and the subject, but knows nothing of SRVName, and stops at the first
/// SRVName it meets under such a constraint. So all three are applied here to the leaf.
struct NameConstraints {
    /// What one authority says.
    private struct Subtrees {
        var permitted: [PeerCertificate.NameKind: [[UInt8]]] = [:]
        var excluded: [PeerCertificate.NameKind: [[UInt8]]] = [:]

        func constrain(_ kind: PeerCertificate.NameKind) -> Bool {
            permitted[kind] != nil || excluded[kind] != nil
        }
    }

    private let authorities: [Subtrees]

    /// Reads the constraints of the authorities of a path, borrowed while this runs.
    init(authorities: some Sequence<OpaquePointer>) {
        self.authorities = authorities.compactMap { Self.subtrees(of: $0) }
    }

    /// The kinds that slip past an authority constrained for dNSName (RFC 9525 §7.6).
    var unusableNames: Set<PeerCertificate.NameKind> {
        var kinds: Set<PeerCertificate.NameKind> = []
        for authority in authorities {
            if authority.constrain(.dnsName), !authority.constrain(.srvName) { kinds.insert(.srvName) }
            // How an XmppAddr constraint would compare, no document says.
            if authority.constrain(.dnsName) || authority.constrain(.xmppAddress) { kinds.insert(.xmppAddress) }
        }
        return kinds
    }

    /// Whether every usable name of the leaf lies within what every authority allows.
    func permit(_ leaf: PeerCertificate) -> Bool {
        authorities.allSatisfy { authority in
            leaf.subjectAlternativeNames.allSatisfy { Self.permits(authority, $0) }
        }
    }

    private static func permits(_ authority: Subtrees, _ name: PeerCertificate.SubjectAlternativeName) -> Bool {
        switch name {
        case .dnsName(let text): permits(authority, .dnsName) { matches(domain: Array(text.utf8), $0) }
        case .srvName(let text): permits(authority, .srvName) { matches(service: Array(text.utf8), $0) }
        case .ipAddress(let octets): permits(authority, .ipAddress) { matches(address: octets, $0) }
        // Nobody compares these with anything.
        case .xmppAddress, .unusable: true
        }
    }

    private static func permits(
        _ authority: Subtrees, _ kind: PeerCertificate.NameKind, matches: ([UInt8]) -> Bool
    ) -> Bool {
        if let excluded = authority.excluded[kind], excluded.contains(where: matches) { return false }
        guard let permitted = authority.permitted[kind] else { return true }
        return permitted.contains(where: matches)
    }

    /// A domain is within a constraint when it is equal or adds labels on the left. Compatibility: a leading dot, which
    /// RFC 5280 gives a meaning for URIs only and many authorities write, asks for at least one more label.
    private static func matches(domain: [UInt8], _ constraint: [UInt8]) -> Bool {
        guard let first = constraint.first else { return true }
        let domain = domain.map(lowercased)
        let constraint = constraint.map(lowercased)
        let dot = UInt8(ascii: ".")
        if first == dot { return domain.count > constraint.count && domain.suffix(constraint.count) == constraint[...] }
        if domain == constraint { return true }
        return domain.count > constraint.count && domain.suffix(constraint.count + 1) == ([dot] + constraint)[...]
    }

    /// Service and domain are separate restrictions, and either may be absent (RFC 4985 §4).
    private static func matches(service name: [UInt8], _ constraint: [UInt8]) -> Bool {
        let name = split(service: name)
        let constraint = split(service: constraint)
        if let wanted = constraint.service, name.service?.map(lowercased) != wanted.map(lowercased) { return false }
        return matches(domain: name.domain, constraint.domain)
    }

    private static func split(service name: [UInt8]) -> (service: [UInt8]?, domain: [UInt8]) {
        guard name.first == UInt8(ascii: "_") else { return (nil, name) }
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return (name, []) }
        return (Array(name[..<dot]), Array(name[(dot + 1)...]))
    }

    /// A constraint is an address and a mask of the same size.
    private static func matches(address: [UInt8], _ constraint: [UInt8]) -> Bool {
        guard constraint.count == address.count * 2 else { return false }
        return address.indices.allSatisfy { index in
            (address[index] ^ constraint[index]) & constraint[address.count + index] == 0
        }
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }

    // MARK: Reading the extension

    private static func subtrees(of certificate: OpaquePointer) -> Subtrees? {
        guard let pointer = X509_get_ext_d2i(certificate, NID_name_constraints, nil, nil) else { return nil }
        let constraints = pointer.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { NAME_CONSTRAINTS_free(constraints) }
        var subtrees = Subtrees()
        subtrees.permitted = bases(ligase_permitted(constraints))
        subtrees.excluded = bases(ligase_excluded(constraints))
        return subtrees
    }

    private static func bases(_ trees: OpaquePointer?) -> [PeerCertificate.NameKind: [[UInt8]]] {
        var bases: [PeerCertificate.NameKind: [[UInt8]]] = [:]
        for index in 0..<ligase_subtrees_count(trees) {
            guard let base = ligase_subtrees_at(trees, index), let kind = AlternativeNames.kind(of: base) else {
                continue
            }
            bases[kind, default: []].append(AlternativeNames.rawBytes(of: base))
        }
        return bases
    }
}
