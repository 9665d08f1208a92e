import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Questions to the authoritative server")
struct VerifyQuestionTests {
    private static let question = DialbackQuestion.test()

    @Test func `OW-02, DB-14, DB-25: a stream for questions needs TLS and no authentication of ours`() {
        let (stream, actions) = Initiating.negotiating(
            [Initiating.mechanisms, Initiating.dialbackFeature], presented: true, purpose: .questions)
        #expect(actions.compactMap(\.header).map(\.from) == ["a.example"])
        #expect(actions.compactMap(\.header).map(\.to) == ["b.example"])
        #expect(actions.contains(.prove(Initiating.pair, .target)))
        #expect(!actions.contains { if case .send = $0 { true } else { false } })
        #expect(actions.suffix(3) == [.disarm(.negotiation), .readyForQuestions, .arm(.verifyIdle)])
        #expect(!stream.isEstablished)
    }

    @Test func `DB-12, OW-02: the key is asked about in the words in which it came`() {
        var stream = Initiating.answering()
        let actions = stream.handle(.ask(Self.question))
        let element = XMLElement(
            Namespace.dialback, "verify", attributes: ["from": "a.example", "id": "ours", "to": "b.example"], text: "k")
        #expect(actions == [.disarm(.verifyIdle), .send(element), .arm(.dialback)])
    }

    @Test(arguments: ["valid", "invalid", "error"])
    func `DB-09, DB-18: the answer is told with the server that gave it`(type: String) {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        let element = XMLElement.verify(
            Self.question.pair, id: "ours", type: type, error: type == "error" ? "item-not-found" : nil)
        let actions = stream.handle(.elementReceived(element))
        switch (type, actions.compactMap(\.answer).first) {
        case ("valid", .valid(let server)), ("invalid", .invalid(let server)):
            #expect(server.address == "192.0.2.1:5269")
            #expect(server.isEncrypted)
            #expect(server.conclusion.domain != nil)
        case ("error", .notFound): break
        default: Issue.record("\(actions)")
        }
        #expect(actions.contains(.arm(.verifyIdle)) && actions.contains(.disarm(.dialback)))
    }

    @Test func `DB-14: the connection serves further questions, and is closed when it has rested`() {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        let other = DialbackQuestion.test(id: "other")
        #expect(stream.handle(.ask(other)).compactMap(\.dialback).count == 1)
        #expect(stream.handle(.deadlinePassed(.verifyIdle)) == [])
        let first = stream.handle(.elementReceived(.verify(other.pair, id: "other", type: "valid")))
        #expect(!first.contains(.arm(.verifyIdle)))
        let second = stream.handle(.elementReceived(.verify(other.pair, id: "ours", type: "valid")))
        #expect(second.contains(.arm(.verifyIdle)))
        let closing = stream.handle(.deadlinePassed(.verifyIdle))
        #expect(closing.contains(.sendClosingTag))
        #expect(!closing.contains { if case .fail = $0 { true } else { false } })
    }

    @Test func `DB-14: a stream that carries stanzas to the server is asked as well`() {
        var (stream, _) = Initiating.established.dialing()
        #expect(stream.handle(.ask(Self.question)).compactMap(\.dialback).map(\.name) == ["verify"])
        let element = XMLElement.verify(Self.question.pair, id: "ours", type: "valid")
        guard case .valid? = stream.handle(.elementReceived(element)).compactMap(\.answer).first else {
            Issue.record("not answered")
            return
        }
        #expect(stream.isEstablished)
    }

    @Test func `PA-06, DB-21: a server whose word would count for nothing is not asked`() {
        var stream = Initiating.answering(.test(.authenticated), isProved: false)
        guard case .unproven? = stream.handle(.ask(Self.question)).compactMap(\.answer).first else {
            Issue.record("asked")
            return
        }
        var lower = Initiating.answering(.test(.encrypted), isProved: false)
        #expect(lower.handle(.ask(Self.question)).compactMap(\.dialback).count == 1)
    }

    @Test func `DA-08: a server that is refuted is left, whatever it is for`() throws {
        let claim = DomainClaim(pair: Initiating.pair, side: .target, certificates: [], moment: 0)
        var proofCase = ProofCase(
            claim,
            under: FederationPolicy(
                level: .verified, prooftypes: [ScriptedProoftype(always: .refuted(reason: "another key"))]))
        var conclusion: ProofConclusion?
        for case .concluded(let end) in proofCase.handle(.opened) { conclusion = end }
        for purpose in [InitiatingStream.Purpose.stanzas, .questions] {
            var (stream, _) = Initiating.start(.test(.verified), purpose: purpose)
            for event: StreamEvent in [
                .connected, .secured(presentedCertificate: false), .headerReceived(Initiating.answer, freshID: ""),
            ] { _ = stream.handle(event) }
            let actions = stream.handle(.proofConcluded(try #require(conclusion)))
            #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
            #expect(actions.last == .disconnect)
        }
    }

    @Test func `DK-07: a server with the peer's own certificate need not be asked`() throws {
        let shared = PeerCertificate.naming(["b.example"])
        for (own, isSame) in [(shared, true), (PeerCertificate.naming(["b.example", "other"]), false)] {
            var (stream, _) = Initiating.start(purpose: .questions)
            let claim = DomainClaim(pair: Initiating.pair, side: .target, certificates: [shared], moment: 0)
            for event: StreamEvent in [
                .connected, .secured(presentedCertificate: false), .headerReceived(Initiating.answer, freshID: ""),
                .proofConcluded(.refused(claim, [])), .elementReceived(Initiating.features([])),
            ] { _ = stream.handle(event) }
            let actions = stream.handle(.ask(.test(certificate: own)))
            if case .sameCertificate? = actions.compactMap(\.answer).first { #expect(isSame) } else { #expect(!isSame) }
            #expect(actions.compactMap(\.dialback).isEmpty == isSame)
        }
    }

    @Test(
        arguments: [
            (.closedByPeer, false), (.elementReceived(StreamError(.hostUnknown).element), true),
            (.elementReceived(StreamError(.reset).element), false), (.failed(StreamError(.notWellFormed)), false),
            (.closeRequested(nil), false),
        ] as [(StreamEvent, Bool)])
    func `DB-18, DB-20: the end of the connection is an answer too`(event: StreamEvent, isNotFound: Bool) {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        let answers = stream.handle(event).compactMap(\.answer)
        #expect(answers.count == 1)
        switch answers.first {
        case .notFound: #expect(isNotFound)
        case .silent: #expect(!isNotFound)
        default: Issue.record("\(answers)")
        }
    }

    @Test func `DB-20: silence has a limit, and what comes later means nothing`() {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        var actions: [StreamAction] = []
        for _ in 0..<StreamDeadline.dialbackParts { actions = stream.handle(.deadlinePassed(.dialback)) }
        guard case .silent? = actions.compactMap(\.answer).first else {
            Issue.record("\(actions)")
            return
        }
        let late = stream.handle(.elementReceived(.verify(Self.question.pair, id: "ours", type: "valid")))
        #expect(late == [.report(.dialback(.unsolicited(Self.question.pair, type: "valid")))])
    }

    @Test func `DB-19: a stream that never came up is the attempt's failure, which may know another endpoint`() {
        var (stream, _) = Initiating.start(purpose: .questions)
        _ = stream.handle(.connected)
        guard case .unreachable? = stream.handle(.ask(Self.question)).compactMap(\.answer).first else {
            Issue.record("a question waits on a stream that is not there")
            return
        }
        #expect(stream.handle(.closedByPeer).compactMap(\.failure).count == 1)
    }

    @Test func `DB-09: a question is not asked twice`() {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        #expect(stream.handle(.ask(Self.question)) == [])
    }

    @Test func `DO-06: as many questions wait as may`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.questionsAtOnce = 1
        var stream = Initiating.answering(settings)
        _ = stream.handle(.ask(Self.question))
        guard case .overloaded? = stream.handle(.ask(.test(id: "2"))).compactMap(\.answer).first else {
            Issue.record("asked")
            return
        }
    }

    @Test func `DB-13: who opened the stream to us is not asked about keys on it`() {
        for state in Receiving.allCases where state != .closed {
            var (stream, _) = state.dialing()
            let actions = stream.handle(.ask(.test()))
            guard case .unreachable? = actions.compactMap(\.answer).first, actions.count == 1 else {
                Issue.record("\(state): \(actions)")
                return
            }
        }
    }
}
