import DomainAssociation
import Prooftypes
import TransportSecurity
import XMPPModel

/// Certificates made for a test, and the claim that they accompany.
enum Certificates {
    /// 2026-01-01, in seconds since 1970: the moment at which tests judge.
    static let now: Int64 = 1_767_225_600
    static let day: Int64 = 86_400

    private static let root = Result { () throws(IssuingFailure) in
        try CertificateAuthority.root(template("Test Root") { $0.isAuthority = true })
    }

    static func template(
        _ name: String, _ names: [CertificateTemplate.Name] = [],
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) -> CertificateTemplate {
        var template = CertificateTemplate(
            commonName: name, names: names, notBefore: now - 30 * day, notAfter: now + 30 * day)
        change(&template)
        return template
    }

    static func authority() throws -> CertificateAuthority { try root.get() }

    /// The chain of a certificate with these names.
    static func chain(
        _ names: [CertificateTemplate.Name], _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> [PeerCertificate] {
        try root.get().issue(template("leaf", names, change)).chain
    }

    static func prooftype(
        revocationLists: [[UInt8]] = [], stale: TrustStore.StaleRevocationPolicy = .accept
    ) throws -> PKIXProoftype {
        PKIXProoftype(
            trustStore: try TrustStore(
                authorities: [.bytes(root.get().issued.certificatePEM, name: "test root")],
                revocationLists: revocationLists.map { .bytes($0, name: "test list") }, staleRevocation: stale))
    }

    /// What PKIX says of a peer that claims `domain` with this chain.
    static func assess(
        _ domain: String, _ chain: [PeerCertificate], side: DomainClaim.Side = .target,
        services: Evidence.ServiceRecords? = Evidence.ServiceRecords(records: [], isSecure: false),
        delegation: Delegation? = nil, by prooftype: PKIXProoftype? = nil
    ) throws -> Assessment {
        let claimed = try DomainName(domain)
        let ours = try DomainName("ours.example")
        let pair =
            side == .target ? DomainPair(sender: ours, target: claimed) : DomainPair(sender: claimed, target: ours)
        let claim = DomainClaim(pair: pair, side: side, certificates: chain, moment: now, delegation: delegation)
        var evidence = Evidence()
        if let services { evidence.add(services, of: claimed) }
        return try (prooftype ?? self.prooftype()).assess(claim, with: evidence)
    }

    /// What matched; nil when nothing is proved.
    static func match(
        _ domain: String, _ names: [CertificateTemplate.Name],
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> String? {
        guard case .proven(let proof) = try assess(domain, chain(names, change)) else { return nil }
        return proof.findings.first { $0.name == "matched" }?.value
    }
}

extension Assessment {
    var isProven: Bool { if case .proven = self { true } else { false } }

    /// Why nothing is proved; empty for a proof.
    var reason: String {
        switch self {
        case .inconclusive(let reason): reason
        case .unavailable(let reason): "unavailable: \(reason)"
        case .refuted(let reason): "refuted: \(reason)"
        case .needs(let requests): "needs \(requests)"
        case .proven: ""
        }
    }
}

extension Result where Failure == IssuingFailure {
    /// Makes a value now and keeps the failure for whoever asks.
    fileprivate init(_ make: () throws(IssuingFailure) -> Success) {
        do throws(IssuingFailure) { self = .success(try make()) } catch { self = .failure(error) }
    }
}
