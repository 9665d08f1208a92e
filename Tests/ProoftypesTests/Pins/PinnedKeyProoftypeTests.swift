import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

@Suite("Pins")
struct PinnedKeyProoftypeTests {
    @Test func `TP-09: a pin names the key of the peer's own certificate, and never one of its chain`() throws {
        let root = try Certificates.authority().issued.certificate
        let chain = try Certificates.chain([.dns("a.example")]) + [root]
        let claim = try TLSAFixtures.claim(chain, side: .target)
        let (own, above) = (chain[0].subjectPublicKeyInfoSHA256, root.subjectPublicKeyInfoSHA256)
        for (pins, isProven) in [([own], true), ([above, own], true), ([above], false), ([], false)] {
            let assessment = PinnedKeyProoftype(pins: pins).assess(claim, with: Evidence())
            #expect(assessment.isProven == isProven && assessment.isRefuted == !isProven)
            if !isProven { #expect(assessment.reason.contains("none of the \(pins.count) in pin_sha256")) }
        }
        let nobody = try TLSAFixtures.claim([], side: .target)
        #expect(PinnedKeyProoftype(pins: [own]).assess(nobody, with: Evidence()).isInconclusive)
    }
}
