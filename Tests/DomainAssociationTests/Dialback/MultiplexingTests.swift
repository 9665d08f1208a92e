import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Further pairs of an association")
struct MultiplexingTests {
    @Test func `BI-04: the reverse of a pair is the same remote domain the other way`() throws {
        let association = try #require(Association.inbound(pair("a.example", "b.example")))
        let reversed = association.reversed
        #expect(reversed.pair == pair("b.example", "a.example"))
        #expect(reversed.remoteDomain == association.remoteDomain)
        #expect(reversed.localDomain == association.localDomain)
        #expect(reversed.direction == .inbound)
        #expect(!reversed.isIncoming)
        #expect(reversed.reversed == association)
    }

    @Test(arguments: [DomainClaim.Side.sender, .target])
    func `PA-01: beside another domain of ours stands the same remote domain`(side: DomainClaim.Side) throws {
        let made = pair("a.example", "b.example")
        let association = try #require(ProofConclusion.proven(made, side).domain).association(by: .external)
        let beside = association.beside(domain("c.example"), by: .assertion)
        #expect(beside.localDomain == domain("c.example"))
        #expect(beside.remoteDomain == association.remoteDomain)
        #expect(beside.pair == DomainPair(sender: domain("c.example"), target: association.remoteDomain))
        #expect(beside.direction == association.direction)
        #expect(beside.proof == association.proof)
    }

    @Test func `PS-04: who opened the stream is told by the stream, and not by the side that was proved`() throws {
        let proven = try #require(ProofConclusion.proven(pair("rooms.b.example", "a.example"), .sender).domain)
        let association = proven.association(by: .assertion, on: .outbound)
        #expect(association.direction == .outbound)
        #expect(association.isIncoming)
        #expect(association.remoteDomain == domain("rooms.b.example"))
    }
}

@Suite("A domain that we dialled")
struct DialledDomainTests {
    private static func rules(_ level: FederationPolicy.Level) -> DialbackRules {
        DialbackRules(FederationPolicy(level: level, prooftypes: [ScriptedProoftype.believing]))
    }

    @Test(
        arguments: [
            (.authenticated, true, nil), (.authenticated, false, nil), (.encrypted, true, .encrypted),
            (.encrypted, false, nil), (.verified, true, .encrypted), (.verified, false, .verified),
        ] as [(FederationPolicy.Level, Bool, FederationPolicy.Level?)])
    func `PT-05: below a proof DNS and encryption may speak for it, and are called by no prooftype's name`(
        level: FederationPolicy.Level, isEncrypted: Bool, reached: FederationPolicy.Level?
    ) {
        let refused = ProofConclusion.refused(pair("a.example", "b.example"), .target)
        let domain = Self.rules(level).domain(dialled: refused, isEncrypted: isEncrypted)
        #expect(domain?.level == reached)
        #expect(domain?.prooftype == (reached == nil ? nil : ProoftypeName.none))
        #expect(domain?.association(by: .serverIdentity).certificateSHA256 == nil)
    }

    @Test func `OW-03: nothing of the kind is ever said of who came to us`() {
        let refused = ProofConclusion.refused(pair("a.example", "b.example"), .sender)
        #expect(Self.rules(.verified).domain(dialled: refused, isEncrypted: true) == nil)
    }

    @Test func `PT-05: what a prooftype proves is proved at every level`() throws {
        let conclusion = ProofConclusion.proven(pair("a.example", "b.example"), .target)
        for level in FederationPolicy.Level.allCases {
            let domain = try #require(Self.rules(level).domain(dialled: conclusion, isEncrypted: true))
            #expect(domain.level == .authenticated)
            #expect(domain.prooftype == "scripted")
        }
    }
}
