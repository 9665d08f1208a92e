import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("The verifier for other programs")
struct DomainVerifierTests {
    private static let now = Certificates.now

    private func verifier(requiresDANE: Bool = false) throws -> DomainVerifier {
        DomainVerifier(
            trustStore: try TrustStore(authorities: [
                .bytes(Certificates.authority().issued.certificatePEM, name: "root")
            ]),
            requiresDANE: requiresDANE)
    }

    private func claim(_ certificate: PeerCertificate, delegation: Delegation? = nil) throws -> DomainClaim {
        DomainClaim(
            pair: DomainPair(sender: try DomainName("us.example"), target: try DomainName("them.example")),
            side: .target, certificates: [certificate], moment: Self.now, delegation: delegation)
    }

    private func certificate(_ name: String) throws -> PeerCertificate {
        try Certificates.authority().issue(
            CertificateTemplate(
                commonName: name, names: [.dns(name)], notBefore: Self.now - 60, notAfter: Self.now + 3_600)
        ).certificate
    }

    private func secure(_ content: TLSAAnswer.Content?) -> Delegation {
        Delegation(
            to: "host.example", isSecure: true, detail: "told",
            tlsa: content.map { TLSAAnswer($0, base: "host.example", port: 5269) })
    }

    @Test func `PT-01: an authority, a TLSA record or a POSH document proves, and each is named`() async throws {
        let verifier = try verifier()
        let own = try certificate("them.example")
        let other = try certificate("other.example")

        let byAuthority = await verifier.verify(try claim(own)) { _, _ in }
        #expect(Self.prooftype(byAuthority) == "pkix")

        let record = try #require(TLSAPublication.record(for: other))
        let byRecord = await verifier.verify(try claim(other, delegation: secure(.records([record])))) { _, _ in }
        #expect(Self.prooftype(byRecord) == "dane")

        let material = PublishedKeyMaterial(
            .fingerprints([.init([.sha256: other.sha256])]), lifetime: 60)
        let byDocument = await verifier.verify(try claim(other)) { requests, evidence in
            for case .publishedKeys(let domain, let service) in requests {
                evidence.add(
                    PublishedKeys(.material(material), urls: ["https://them.example/"], expires: Self.now + 60),
                    of: domain, for: service)
            }
        }
        #expect(Self.prooftype(byDocument) == "posh")
    }

    @Test func `whatever is not answered proves nothing, and is asked for once`() async throws {
        var asked: [EvidenceRequest] = []
        let claim = try claim(try certificate("other.example"), delegation: secure(nil))
        let conclusion = try await verifier().verify(claim) { requests, _ in asked += requests }
        #expect(Set(asked).count == asked.count && asked.count == 2)
        #expect(Self.prooftype(conclusion) == nil)
        #expect(conclusion.isUnavailable)
    }

    @Test(
        arguments: [
            (TLSAAnswer.Content.unknown, false, false), (.absent, false, true), (.absent, true, false),
            (
                .records([TLSARecord(usage: 3, selector: 1, matching: 1, data: [UInt8](repeating: 0, count: 32))]),
                false, false
            ),
        ])
    func `DA-07, DA-08: TLSA records that do not match, or that nobody knows of, forbid what PKIX would prove`(
        content: TLSAAnswer.Content, requiresDANE: Bool, isProved: Bool
    ) async throws {
        let claim = try claim(try certificate("them.example"), delegation: secure(content))
        let conclusion = try await verifier(requiresDANE: requiresDANE).verify(claim) { _, _ in }
        #expect((Self.prooftype(conclusion) != nil) == isProved)
    }

    @Test func `PO-18: keys of which nobody says how long they hold prove the moment and no more`() throws {
        let other = try certificate("other.example")
        let claim = try claim(other)
        var evidence = Evidence()
        let material = PublishedKeyMaterial(.fingerprints([.init([.sha256: other.sha256])]), lifetime: nil)
        evidence.add(PublishedKeys(.material(material), urls: ["https://them.example/"]), of: claim.claimedDomain)
        guard case .proven(let proven) = try verifier().conclude(claim, with: evidence) else {
            Issue.record("not proved")
            return
        }
        #expect(proven.proof.expires == Self.now)
    }

    @Test func `step by step it says what it needs, and concludes with what there is`() throws {
        let verifier = try verifier()
        let claim = try claim(try certificate("other.example"))
        let request = EvidenceRequest.publishedKeys(of: claim.claimedDomain)
        #expect(verifier.assess(claim, with: Evidence()) == .needs([request]))
        var evidence = Evidence()
        evidence.add(PublishedKeys(.none(reason: "nothing")), of: claim.claimedDomain)
        guard case .concluded(.refused(_, let verdicts)) = verifier.assess(claim, with: evidence) else {
            Issue.record("not refused")
            return
        }
        #expect(verdicts.map(\.prooftype) == ["dane", "posh", "pkix"])
        #expect(verifier.conclude(claim, with: Evidence()).isUnavailable)
    }

    private static func prooftype(_ conclusion: ProofConclusion) -> ProoftypeName? {
        guard case .proven(let proven) = conclusion else { return nil }
        return proven.prooftype
    }
}
