import DomainAssociation
import StreamTestSupport
import Testing
import XMPPModel

/// What an answer of the authoritative server is worth: one function decides, and nothing goes round it.
@Suite("A question to the authoritative server")
struct DialbackQuestionTests {
    typealias Level = FederationPolicy.Level

    private static let asked = pair("a.example", "b.example")

    private static func rules(
        _ level: Level, condition: ProofCondition? = nil, needsSecureDelegation: Bool = false
    ) -> DialbackRules {
        DialbackRules(
            FederationPolicy(
                level: level, prooftypes: [ScriptedProoftype.believing], conditions: condition.map { [$0] } ?? []),
            needsSecureDelegation: needsSecureDelegation)
    }

    private static func question(
        _ certificate: PeerCertificate? = nil, isEncrypted: Bool = true, pair: DomainPair = asked
    ) -> DialbackQuestion {
        let claim = DomainClaim(
            pair: pair, side: .sender, certificates: certificate.map { [$0] } ?? [], moment: 1000)
        return DialbackQuestion(claim, isEncrypted: isEncrypted, streamID: "id-1", key: "k")
    }

    /// The server that was dialled for `a.example`, as a prooftype judges it.
    private static func server(
        _ assessment: Assessment, encrypted: Bool = true, pair: DomainPair = asked.reversed,
        side: DomainClaim.Side = .target, certificate: PeerCertificate = .naming(["a.example"]),
        delegation: Delegation? = nil, rules: DialbackRules = rules(.authenticated)
    ) -> AuthoritativeServer {
        let claim = DomainClaim(
            pair: pair, side: side, certificates: encrypted ? [certificate] : [], moment: 1000, delegation: delegation)
        var policy = rules.policy
        policy.prooftypes = [ScriptedProoftype(always: assessment)]
        var proofCase = ProofCase(claim, under: policy)
        for case .concluded(let conclusion) in proofCase.handle(.opened) + proofCase.handle(.timedOut) {
            return AuthoritativeServer(conclusion, isEncrypted: encrypted, address: "192.0.2.1:5269")
        }
        return AuthoritativeServer(.refused(claim, []), isEncrypted: encrypted, address: "192.0.2.1:5269")
    }

    private static let proved = Assessment.proven(Proof(["matched": "DNS-ID"], expires: 5000))
    private static let unproved = Assessment.inconclusive(reason: "nobody vouches for it")

    private static func decide(
        _ answer: DialbackAnswer, _ rules: DialbackRules, _ question: DialbackQuestion = question()
    ) -> DialbackQuestion.Decision? {
        var question = question
        return question.accept(answer, under: rules)
    }

    // MARK: - Levels

    @Test(
        arguments: [
            (.authenticated, true, true, true, .authenticated), (.authenticated, true, true, false, nil),
            (.authenticated, false, true, true, nil), (.authenticated, true, false, false, nil),
            (.encrypted, true, true, true, .authenticated), (.encrypted, true, true, false, .encrypted),
            (.encrypted, false, true, true, nil), (.encrypted, true, false, false, nil),
            (.verified, true, true, true, .authenticated), (.verified, true, true, false, .encrypted),
            (.verified, false, true, true, .verified), (.verified, true, false, false, .verified),
            (.verified, false, false, false, .verified),
        ] as [(Level, Bool, Bool, Bool, Level?)])
    func `PT-05, PA-06, OW-01: a level is reached by both streams and the server's proof together`(
        level: Level, peerTLS: Bool, serverTLS: Bool, isProved: Bool, reached: Level?
    ) throws {
        let rules = Self.rules(level)
        let server = Self.server(isProved ? Self.proved : Self.unproved, encrypted: serverTLS, rules: rules)
        let decision = Self.decide(.valid(server), rules, Self.question(isEncrypted: peerTLS))
        guard case .proven(let domain)? = decision else {
            #expect(reached == nil)
            return
        }
        #expect(domain.level == reached)
        let association = domain.association(by: .dialback)
        #expect(association.pair == Self.asked)
        #expect(association.prooftype == (reached == .authenticated ? "scripted" : "dialback"))
        #expect(association.expires == (reached == .authenticated ? 5000 : nil))
    }

    @Test func `DB-21: what falls short is refused in the words of the specification`() {
        func reason(_ decision: DialbackQuestion.Decision?) -> DialbackRefusal.Reason? {
            if case .refused(let refusal)? = decision { refusal.reason } else { nil }
        }
        let rules = Self.rules(.authenticated)
        let unproved = Self.server(Self.unproved)
        #expect(reason(Self.decide(.valid(unproved), rules)) == .notAuthorized)
        #expect(reason(Self.decide(.unproven(unproved), rules)) == .notAuthorized)
        #expect(
            reason(Self.decide(.valid(unproved), rules, Self.question(isEncrypted: false))) == .policyViolation)
        let proved = Self.server(Self.proved)
        #expect(reason(Self.decide(.invalid(proved), rules)) == .invalidKey)
        // Nobody was asked, so nothing is confirmed, whatever the server is.
        #expect(reason(Self.decide(.unproven(proved), rules)) == .notAcceptable)
        #expect(reason(Self.decide(.notFound(reason: ""), rules)) == .remoteServerNotFound)
        #expect(reason(Self.decide(.unreachable(reason: ""), rules)) == .remoteConnectionFailed)
        #expect(reason(Self.decide(.silent(reason: ""), rules)) == .remoteServerTimeout)
        #expect(reason(Self.decide(.overloaded(reason: ""), rules)) == .resourceConstraint)
    }

    @Test func `OW-03: a proved server whose answer is invalid proves nobody`() {
        let decision = Self.decide(.invalid(Self.server(Self.proved)), Self.rules(.verified))
        guard case .refused(let refusal)? = decision else {
            Issue.record("\(decision as Any)")
            return
        }
        #expect(refusal.reason == .invalidKey)
    }

    // MARK: - The server

    @Test func `DB-09: a question is answered once`() {
        var question = Self.question()
        let valid = DialbackAnswer.valid(Self.server(Self.proved))
        #expect(question.accept(.silent(reason: "late"), under: Self.rules(.authenticated)) != nil)
        #expect(!question.isOpen)
        #expect(question.accept(valid, under: Self.rules(.authenticated)) == nil)
    }

    @Test func `DB-09, OW-03: the word of a server of another domain counts for nothing`() {
        let rules = Self.rules(.verified)
        let others: [AuthoritativeServer] = [
            Self.server(Self.proved, pair: pair("b.example", "c.example")),
            // Who was proved as one that came to us was not dialled.
            Self.server(Self.proved, pair: Self.asked, side: .sender),
        ]
        for other in others {
            guard case .refused(let refusal)? = Self.decide(.valid(other), rules) else {
                Issue.record("the word of another counts: \(other)")
                continue
            }
            #expect(refusal.reason == .notAcceptable)
        }
    }

    @Test(arguments: Level.allCases)
    func `DA-08, DA-21: a server that a prooftype refutes is believed at no level`(level: Level) {
        let rules = Self.rules(level)
        let refuted = Self.server(.refuted(reason: "its key is not what is published"), rules: rules)
        #expect(!rules.isUnopposed(refuted.conclusion))
        guard case .refused(let refusal)? = Self.decide(.valid(refuted), rules) else {
            Issue.record("an impostor is believed")
            return
        }
        #expect(refusal.reason == .notAuthorized)
    }

    @Test(
        arguments: [
            (.inconclusive(reason: "none published"), false, true), (.inconclusive(reason: "none"), true, false),
            (.unavailable(reason: "bogus"), false, false), (.needs([]), false, false),
            (.proven(Proof([:], expires: nil)), true, true),
        ] as [(Assessment, Bool, Bool)])
    func `DA-07, DA-21: the policy's condition is asked of the server, at a lower level too`(
        assessment: Assessment, isRequired: Bool, isBelieved: Bool
    ) {
        let condition = ProofCondition(ScriptedProoftype("dane", always: assessment), isRequired: isRequired)
        let rules = Self.rules(.encrypted, condition: condition)
        let server = Self.server(Self.unproved, rules: rules)
        let decision = Self.decide(.valid(server), rules)
        if case .proven? = decision { #expect(isBelieved) } else { #expect(!isBelieved) }
        #expect((rules.domain(dialled: server.conclusion, isEncrypted: true) != nil) == isBelieved)
    }

    @Test func `DA-08: a server without TLS is not one that publishes keys`() {
        let rules = Self.rules(.verified)
        let record = TLSARecord(usage: 3, selector: 1, matching: 1, data: [1])
        let delegation = Delegation(
            to: "h.example", isSecure: true, detail: "",
            tlsa: TLSAAnswer(.records([record]), base: "h.example", port: 5269))
        let server = Self.server(Self.unproved, encrypted: false, delegation: delegation, rules: rules)
        guard case .refused? = Self.decide(.valid(server), rules) else {
            Issue.record("a server in clear stands in for one with keys")
            return
        }
        #expect(rules.domain(dialled: server.conclusion, isEncrypted: false) == nil)
    }

    @Test func `a blocked domain is not proved by dialback either`() {
        var rules = Self.rules(.verified)
        let server = Self.server(Self.proved)
        rules.policy.isAllowed = false
        guard case .refused? = Self.decide(.valid(server), rules) else {
            Issue.record("a blocked domain is proved")
            return
        }
    }

    // MARK: - DNSSEC

    @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
    func `DK-08: whether DNSSEC vouches for the way is recorded, and may be asked for`(
        services: Bool, addresses: Bool
    ) throws {
        let delegation = Delegation(
            to: "h.example", isSecure: services, detail: "SRV", hasSecureAddresses: addresses)
        let server = Self.server(Self.unproved, delegation: delegation, rules: Self.rules(.encrypted))
        guard case .proven(let domain)? = Self.decide(.valid(server), Self.rules(.encrypted)) else {
            Issue.record("not believed")
            return
        }
        #expect(domain.proof.hasSecureDelegation == services)
        let expected =
            "service records \(services ? "secure" : "not secure"), addresses \(addresses ? "secure" : "not secure")"
        #expect(domain.proof.findings.contains(.init(name: "dnssec", value: expected)))
        #expect(domain.proof.findings.first == .init(name: "authoritative_server", value: "192.0.2.1:5269"))
        let strict = Self.decide(.valid(server), Self.rules(.encrypted, needsSecureDelegation: true))
        if case .proven? = strict { #expect(services && addresses) } else { #expect(!(services && addresses)) }
    }

    // MARK: - The same certificate

    @Test(
        arguments: [
            (PeerCertificate.naming(["a.example"]), PeerCertificate.naming(["a.example"]), true),
            (.naming(["A.example", "x.example"]), .naming(["A.example", "x.example"]), true),
            (.naming(["x.example"]), .naming(["x.example"]), false),
            (.naming(["*.example"]), .naming(["*.example"]), false),
            (.naming(["a.example"]), .naming(["a.example", "x.example"]), false),
        ])
    func `DK-07: the same certificate for the domain by name needs no key`(
        own: PeerCertificate, theirs: PeerCertificate, isSame: Bool
    ) {
        let server = Self.server(Self.unproved, certificate: theirs, rules: Self.rules(.encrypted))
        let question = Self.question(own)
        #expect(question.hasSameCertificate(as: server) == isSame)
        #expect(!Self.question(own, isEncrypted: false).hasSameCertificate(as: server))
        #expect(!Self.question(nil).hasSameCertificate(as: server))
        // Said of another certificate it counts for nothing.
        let decision = Self.decide(.sameCertificate(server), Self.rules(.encrypted), question)
        if case .proven(let domain)? = decision {
            #expect(isSame)
            // It is worth what dialback is worth, and no more.
            #expect(domain.level == .encrypted)
            #expect(domain.prooftype == .dialback)
        } else {
            #expect(!isSame)
        }
        if case .proven? = Self.decide(.sameCertificate(server), Self.rules(.authenticated), question) {
            Issue.record("a certificate that nobody vouches for authenticates")
        }
    }

    // MARK: - What is kept

    @Test func `PT-06: what is proved again is the server's claim, and not the peer's certificate`() throws {
        let server = Self.server(Self.proved, certificate: .naming(["a.example", "server"]))
        guard case .proven(let domain)? = Self.decide(.valid(server), Self.rules(.authenticated)) else {
            Issue.record("not believed")
            return
        }
        let association = domain.association(by: .dialback)
        #expect(association.basis == .authoritativeServer(server.conclusion.claim))
        #expect(association.certificateSHA256 == server.certificate?.sha256)
        #expect(association.verdicts.map(\.prooftype) == ["scripted", "dialback"])
        let weak = Self.server(Self.unproved, rules: Self.rules(.encrypted))
        guard case .proven(let other)? = Self.decide(.valid(weak), Self.rules(.encrypted)) else {
            Issue.record("not believed")
            return
        }
        #expect(other.association(by: .dialback).certificateSHA256 == nil)
    }
}
