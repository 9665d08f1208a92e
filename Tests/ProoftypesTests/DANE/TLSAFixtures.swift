import DomainAssociation
import Prooftypes
import TransportSecurity
import XMPPModel

/// TLSA records of certificates, and what DANE says of a peer by them.
enum TLSAFixtures {
    static let host = "host.provider.example"
    /// When the answers made here have to be asked for again.
    static let end = Certificates.now + 3600

    /// The record that names a certificate in one of the six ways.
    static func record(
        _ usage: UInt8, _ selector: UInt8, _ matching: UInt8, of certificate: PeerCertificate
    ) -> TLSARecord {
        let value = selector == 0 ? certificate.der : certificate.subjectPublicKeyInfo
        let data =
            switch matching {
            case 1: Digest.sha256(value)
            case 2: Digest.sha512(value)
            default: value
            }
        return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
    }

    /// A record of the right form that names nothing.
    static func wrong(_ usage: UInt8, _ selector: UInt8, _ matching: UInt8) -> TLSARecord {
        TLSARecord(
            usage: usage, selector: selector, matching: matching,
            data: [UInt8](repeating: 7, count: matching == 1 ? 32 : 64))
    }

    static func answer(_ content: TLSAAnswer.Content, base: String = host, port: UInt16 = 5269) -> TLSAAnswer {
        TLSAAnswer(content, base: base, port: port, expires: end, detail: "signed by key 4711")
    }

    static func prooftype(usages: Set<UInt8> = [0, 1, 2, 3], isBinding: Bool = true) throws -> DANEProoftype {
        let root = try Certificates.authority().issued.certificatePEM
        return DANEProoftype(
            trustStore: try TrustStore(authorities: [.bytes(root, name: "test root")]), usages: usages,
            isBinding: isBinding)
    }

    static func claim(
        _ chain: [PeerCertificate], side: DomainClaim.Side, delegation: Delegation? = nil
    ) throws -> DomainClaim {
        let theirs = try DomainName("a.example")
        let ours = try DomainName("ours.example")
        let pair = side == .target ? DomainPair(sender: ours, target: theirs) : DomainPair(sender: theirs, target: ours)
        return DomainClaim(
            pair: pair, side: side, certificates: chain, moment: Certificates.now, delegation: delegation)
    }

    /// What DANE says of a server that we dialled.
    static func dialled(
        _ chain: [PeerCertificate], _ content: TLSAAnswer.Content, isSecure: Bool = true, base: String = host,
        by prooftype: DANEProoftype? = nil
    ) throws -> Assessment {
        let delegation = Delegation(
            to: host, isSecure: isSecure, detail: "signed", tlsa: answer(content, base: base))
        let claim = try claim(chain, side: .target, delegation: delegation)
        return try (prooftype ?? self.prooftype()).assess(claim, with: Evidence())
    }

    static func dialled(_ chain: [PeerCertificate], _ records: TLSARecord...) throws -> Assessment {
        try dialled(chain, .records(records))
    }

    /// What DANE says of a server that dialled us, by the records of its endpoints.
    static func dialling(
        _ chain: [PeerCertificate], _ endpoints: [(host: String, content: TLSAAnswer.Content?)],
        isSecure: Bool = true, isUnknown: Bool = false, by prooftype: DANEProoftype? = nil
    ) throws -> Assessment {
        let claim = try claim(chain, side: .sender)
        var evidence = Evidence()
        let records = endpoints.map { ServiceRecord(priority: 0, weight: 0, port: 5269, target: $0.host) }
        evidence.add(
            Evidence.ServiceRecords(records: records, isSecure: isSecure, isUnknown: isUnknown),
            of: claim.claimedDomain)
        for endpoint in endpoints {
            guard let content = endpoint.content else { continue }
            evidence.add(answer(content, base: endpoint.host), host: endpoint.host, port: 5269)
        }
        return try (prooftype ?? self.prooftype()).assess(claim, with: evidence)
    }

    /// A certificate that signed itself, for a name that nobody asks for.
    static func selfSigned(
        _ names: [CertificateTemplate.Name] = [.dns("unrelated.example")],
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> [PeerCertificate] {
        try CertificateAuthority.selfSigned(Certificates.template("own", names, change)).chain
    }
}

extension Assessment {
    var isRefuted: Bool { if case .refuted = self { true } else { false } }
    var isInconclusive: Bool { if case .inconclusive = self { true } else { false } }

    /// The proof, if there is one.
    var proof: Proof? {
        guard case .proven(let proof) = self else { return nil }
        return proof
    }
}

extension Proof {
    func value(_ name: String) -> String? { findings.first { $0.name == name }?.value }
}
