import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// Keys of domains that the server was not dialled for: it has to be proved for each.
@Suite("Questions about further domains of one server")
struct FurtherQuestionTests {
    private static let further = pair("c.example", "a.example")
    private static let question = DialbackQuestion.test(further, id: "further")
    private static let own = DialbackQuestion.test(id: "own")

    private static func valid(_ question: DialbackQuestion) -> StreamEvent {
        .elementReceived(.verify(question.pair, id: question.streamID, type: "valid"))
    }

    @Test(arguments: [FederationPolicy.Level.authenticated, .encrypted, .verified])
    func `PS-02, OW-02, DB-14: the server is proved for the domain before it hears the key, at every level`(
        level: FederationPolicy.Level
    ) {
        var stream = Initiating.answering(.test(level))
        let asking = stream.handle(.ask(Self.question))
        #expect(asking == [.disarm(.verifyIdle), .prove(Self.further.reversed, .target), .arm(.dialback)])
        // One proof serves all that is asked about the pair meanwhile.
        let second = DialbackQuestion.test(Self.further, id: "second")
        #expect(stream.handle(.ask(second)) == [])
        let actions = stream.handle(.proofConcluded(.proven(Self.further.reversed, .target)))
        #expect(actions.compactMap(\.dialback).map { $0["to"] } == ["c.example", "c.example"])
        #expect(actions.compactMap(\.dialback).map { $0["id"] } == ["further", "second"])
        let answers = stream.handle(Self.valid(Self.question)).compactMap(\.answer)
        guard case .valid(let server)? = answers.first else {
            Issue.record("\(answers)")
            return
        }
        #expect(server.conclusion.claim.claimedDomain == domain("c.example"))
        #expect(stream.handle(Self.valid(second)).contains(.arm(.verifyIdle)))
        // What was found out is not kept: the next key takes a proof of its own.
        #expect(stream.handle(.ask(.test(Self.further, id: "third"))).contains(.prove(Self.further.reversed, .target)))
    }

    @Test(arguments: [FederationPolicy.Level.authenticated, .encrypted, .verified])
    func `PS-02: a server that is not proved for the domain is not asked, whatever the level`(
        level: FederationPolicy.Level
    ) {
        var stream = Initiating.answering(.test(level))
        _ = stream.handle(.ask(Self.question))
        let actions = stream.handle(.proofConcluded(.refused(Self.further.reversed, .target)))
        guard case .unreachable? = actions.compactMap(\.answer).first else {
            Issue.record("\(actions)")
            return
        }
        #expect(actions.compactMap(\.dialback).isEmpty && actions.contains(.arm(.verifyIdle)))
        // The connection goes on for the domain that it is for.
        #expect(stream.handle(.ask(Self.own)).compactMap(\.dialback).count == 1)
    }

    @Test func `DB-09: an answer before the question has gone out is unsolicited, and changes nothing`() {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        #expect(
            stream.handle(Self.valid(Self.question)) == [.report(.dialback(.unsolicited(Self.further, type: "valid")))])
        #expect(
            stream.handle(.proofConcluded(.proven(Self.further.reversed, .target))).compactMap(\.dialback).count == 1)
    }

    @Test func `DB-09: a proof that nobody asked for asks nothing`() {
        var stream = Initiating.answering()
        #expect(stream.handle(.proofConcluded(.proven(Self.further.reversed, .target))) == [])
        // Nor does one for the other end, or for another pair.
        _ = stream.handle(.ask(Self.question))
        for other: ProofConclusion in [
            .proven(Self.further, .sender), .proven(pair("c.example", "c.example"), .target),
            .proven(pair("d.example", "c.example"), .target),
        ] { #expect(stream.handle(.proofConcluded(other)).compactMap(\.dialback).isEmpty) }
    }

    @Test func `PS-02: on a stream that carries stanzas, or has no TLS, no further domain is asked about`() {
        var (stanzas, _) = Initiating.established.dialing()
        var (unfinished, _) = Initiating.start(purpose: .questions)
        for actions in [stanzas.handle(.ask(Self.question)), unfinished.handle(.ask(Self.question))] {
            guard case .unreachable? = actions.compactMap(\.answer).first, actions.count == 1 else {
                Issue.record("\(actions)")
                return
            }
        }
    }

    @Test func `DK-07: a server with the peer's own certificate need not be asked, for the domain that it names`() {
        let shared = PeerCertificate.naming(["b.example", "c.example"])
        for names in [["b.example", "c.example"], ["b.example"]] {
            let certificate = names.count == 2 ? shared : PeerCertificate.naming(names)
            var stream = Initiating.answering()
            _ = stream.handle(.ask(.test(Self.further, id: "x", certificate: certificate)))
            let actions = stream.handle(
                .proofConcluded(.proven(Self.further.reversed, .target, certificates: [certificate])))
            if case .sameCertificate? = actions.compactMap(\.answer).first {
                #expect(names.count == 2 && actions.compactMap(\.dialback).isEmpty)
            } else {
                #expect(names.count == 1 && actions.compactMap(\.dialback).count == 1)
            }
        }
    }

    @Test(arguments: [true, false])
    func `DB-20: a question has its time, whether it waits for a proof or for the server`(isProved: Bool) {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.question))
        if isProved { _ = stream.handle(.proofConcluded(.proven(Self.further.reversed, .target))) }
        var actions: [StreamAction] = []
        for _ in 0..<StreamDeadline.dialbackParts { actions = stream.handle(.deadlinePassed(.dialback)) }
        guard case .silent? = actions.compactMap(\.answer).first else {
            Issue.record("\(actions)")
            return
        }
        #expect(actions.contains(.arm(.verifyIdle)))
        #expect(stream.handle(.proofConcluded(.proven(Self.further.reversed, .target))).compactMap(\.dialback).isEmpty)
    }

    @Test(arguments: [StreamError.Condition.hostUnknown, .hostGone], [true, false])
    func `DB-18, PS-05: where domains share the connection, its end says of none that it is not served`(
        condition: StreamError.Condition, isProved: Bool
    ) {
        var stream = Initiating.answering()
        _ = stream.handle(.ask(Self.own))
        _ = stream.handle(.ask(Self.question))
        if isProved { _ = stream.handle(.proofConcluded(.proven(Self.further.reversed, .target))) }
        let answers = stream.handle(.elementReceived(StreamError(condition).element)).compactMap(\.answer)
        #expect(answers.count == 2)
        // What has not gone out yet is no fault of anybody's.
        switch (answers.first, answers.last) {
        case (.silent, .silent): #expect(isProved)
        case (.silent, .unreachable): #expect(!isProved)
        default: Issue.record("\(answers)")
        }
    }

    @Test func `DO-06: more than may wait are told to take a connection of their own`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.questionsAtOnce = 1
        var stream = Initiating.answering(settings)
        _ = stream.handle(.ask(Self.question))
        guard case .unreachable? = stream.handle(.ask(.test(Self.further, id: "2"))).compactMap(\.answer).first else {
            Issue.record("asked")
            return
        }
    }

    @Test func `DO-06: further domains do not take the place of the domain that the connection is for`() throws {
        var settings = DialbackSettings.test(.encrypted)
        (settings.questionsAtOnce, settings.furtherQuestionsAtOnce) = (4, 2)
        var stream = Initiating.answering(settings)
        for number in 0..<5 {
            let further = try DomainPair(sender: DomainName("d\(number).example"), target: domain("a.example"))
            let actions = stream.handle(.ask(.test(further, id: "\(number)")))
            #expect(actions.contains { if case .prove = $0 { true } else { false } } == (number < 2))
            if case .unreachable? = actions.compactMap(\.answer).first { #expect(number >= 2) }
        }
        for id in ["1", "2"] { #expect(stream.handle(.ask(.test(id: id))).compactMap(\.dialback).count == 1) }
        guard case .overloaded? = stream.handle(.ask(.test(id: "3"))).compactMap(\.answer).first else {
            Issue.record("asked")
            return
        }
    }
}
