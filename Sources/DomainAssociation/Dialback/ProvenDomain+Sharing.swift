public import XMPPModel

extension ProvenDomain {
    /// The certificates of the authoritative server that are kept for later proofs; nil where none are.
    public var keptCertificates: [PeerCertificate]? {
        guard case .authoritativeServer(let claim) = basis, !claim.certificates.isEmpty else { return nil }
        return claim.certificates
    }

    /// The same, with what is kept in memory shared: each connection brings its own copy of the certificates, and one server
    /// may be authoritative for thousands of domains.
    ///
    /// - Parameter chains: What is kept elsewhere; it replaces nothing but its equal.
    public func sharing(_ chains: [[PeerCertificate]]) -> ProvenDomain {
        guard case .authoritativeServer(let claim) = basis,
            let known = chains.first(where: { $0.first?.sha256 == claim.certificates.first?.sha256 }),
            known == claim.certificates
        else { return self }
        var proven = self
        proven.basis = .authoritativeServer(claim.presenting(known))
        return proven
    }
}
