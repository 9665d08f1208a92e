internal import DomainAssociation
internal import TransportSecurity
internal import XMPPModel

/// The comparison of one certificate chain with the usable records of one endpoint (RFC 6698 §2.1.1, RFC 7671 §5).
struct TLSAJudgement {
    /// The record that holds, and what follows from it.
    struct Match {
        var record: TLSARecord
        /// The name that matched; nil for usage 3, where names are not looked at.
        var name: PresentedIdentifiers.Match?
        /// When the certificates on the path expire; nil for usage 3, where dates are not looked at (DA-12).
        var expires: Int64?
    }

    /// Why a record that names a certificate of the chain still does not hold.
    private(set) var nearMisses: [String] = []

    private let claim: DomainClaim
    private let leaf: PeerCertificate
    private let hosts: [String]
    private let trustStore: TrustStore

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - hosts: The names of the endpoint, besides the claimed domain: the TLSA base domain and the service records'
    ///     target (RFC 7671 §7, §10.2).
    ///   - trustStore: The authorities for usages 0 and 1.
    init(of claim: DomainClaim, leaf: PeerCertificate, hosts: [String], trustStore: TrustStore) {
        self.claim = claim
        self.leaf = leaf
        self.hosts = hosts
        self.trustStore = trustStore
    }

    /// The first record that holds.
    mutating func firstMatch(among records: [TLSARecord]) -> Match? {
        // What asks for the least comes first: usage 3 needs no path.
        for record in records.sorted(by: { $0.usage > $1.usage }) {
            if let match = match(record) { return match }
        }
        return nil
    }

    private mutating func match(_ record: TLSARecord) -> Match? {
        switch record.usage {
        case TLSARecord.domainIssued: record.names(leaf) ? Match(record: record, name: nil, expires: nil) : nil
        case TLSARecord.trustAnchor: matchAnchor(record)
        case TLSARecord.certificateConstraint: record.names(leaf) ? matchPath(record, in: trustStore) : nil
        case TLSARecord.authorityConstraint: matchAuthority(record)
        default: nil
        }
    }

    /// The record's authority is taken as anchor, whoever else trusts it; it comes in the handshake, or whole in DNS.
    private mutating func matchAnchor(_ record: TLSARecord) -> Match? {
        var anchors = claim.certificates.dropFirst().filter { record.names($0) }
        if record.matching == TLSARecord.wholeValue, record.selector == TLSARecord.wholeCertificate,
            let published = try? Certificate(der: record.data)
        {
            anchors = [published.peerCertificate]
        }
        for anchor in anchors {
            do throws(TrustStoreFailure) {
                let store = try TrustStore(authorities: [.certificate(anchor)])
                if let match = matchPath(record, in: store) { return match }
            } catch {
                nearMisses.append("\(record.summary) names an authority that cannot be used: \(error)")
            }
        }
        return nil
    }

    /// The authority may stand anywhere above the leaf, past the first one that PKIX trusts (RFC 6698 §2.1.1).
    private mutating func matchAuthority(_ record: TLSARecord) -> Match? {
        var fault: ChainFault?
        for reachesRoot in [false, true] {
            switch validate(in: trustStore, reachesRoot: reachesRoot) {
            case .untrusted(let found): fault = fault ?? found
            case .trusted(let path):
                guard path.certificates.dropFirst().contains(where: { record.names($0) }) else { continue }
                return matchNames(record, path)
            }
        }
        if let fault, claim.certificates.dropFirst().contains(where: { record.names($0) }) {
            nearMisses.append("\(record.summary) names an authority in the chain, but \(fault)")
        }
        return nil
    }

    private mutating func matchPath(_ record: TLSARecord, in store: TrustStore) -> Match? {
        switch validate(in: store, reachesRoot: false) {
        case .untrusted(let fault):
            nearMisses.append("\(record.summary) matches, but \(fault)")
            return nil
        case .trusted(let path): return matchNames(record, path)
        }
    }

    private mutating func matchNames(_ record: TLSARecord, _ path: ChainVerdict.TrustedPath) -> Match? {
        let unusable = path.unusableNames
        let own = PresentedIdentifiers.match(leaf, claim.claimedDomain, service: claim.service, unusable: unusable)
        guard let name = own ?? PresentedIdentifiers.match(leaf, hosts: hosts, unusable: unusable) else {
            nearMisses.append(
                "\(record.summary) matches, but the certificate names \(PresentedIdentifiers.summary(leaf))")
            return nil
        }
        return Match(record: record, name: name, expires: path.expires)
    }

    private func validate(in store: TrustStore, reachesRoot: Bool) -> ChainVerdict {
        store.validate(
            chain: claim.certificates, at: claim.moment, direction: claim.side == .sender ? .inbound : .outbound,
            reachesRoot: reachesRoot)
    }
}
