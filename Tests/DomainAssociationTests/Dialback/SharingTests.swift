import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("What proofs share in memory")
struct SharingTests {
    private static let first = pair("a.example", "b.example")

    private static func proven(_ certificate: PeerCertificate?, isProved: Bool = true) throws -> ProvenDomain {
        let claim = DomainClaim(pair: first, side: .sender, certificates: [], moment: 0)
        var question = DialbackQuestion(claim, isEncrypted: true, streamID: "id", key: "k")
        let server = AuthoritativeServer.dialled(for: first, isProved: isProved, certificate: certificate)
        let rules = DialbackRules(FederationPolicy(level: .encrypted, prooftypes: []))
        let decision = question.accept(.valid(server), under: rules)
        return try #require(decision.flatMap { if case .proven(let proven) = $0 { proven } else { nil } })
    }

    @Test func `PT-06: certificates are replaced by their equals, and by nothing else`() throws {
        let proven = try Self.proven(.naming(["a.example"]))
        let equal: [PeerCertificate] = [.naming(["a.example"])]
        // With the same digest, as a test's certificates all have it, and other content.
        let other: [PeerCertificate] = [.naming(["evil.example"])]
        #expect(proven.keptCertificates == equal)
        for chains in [[equal], [other], [other, equal], []] { #expect(proven.sharing(chains) == proven) }
    }

    @Test func `PT-06: where no certificate proved anything none is kept`() throws {
        #expect(try Self.proven(.naming(["a.example"]), isProved: false).keptCertificates == nil)
        #expect(try Self.proven(nil).keptCertificates == nil)
    }
}
