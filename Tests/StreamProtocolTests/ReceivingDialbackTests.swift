import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Dialback to the receiving side")
struct ReceivingDialbackTests {
    private static let first = Receiving.pair
    private static let second = pair("c.example", "b.example")

    // MARK: - A pair is proved

    @Test func `OW-01, DB-02: without a proof there is dialback and no EXTERNAL, and no stanza passes`() throws {
        var (stream, actions) = Receiving.unproven.dialing()
        let features = try #require(actions.compactMap(\.features).last)
        #expect(features.first(Namespace.sasl, "mechanisms") == nil)
        #expect(
            features.first(Namespace.dialbackFeature, "dialback")?.first(Namespace.dialbackFeature, "errors") != nil)
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
    }

    @Test func `SE-12: a stream without from waits for dialback`() {
        var (stream, _) = Receiving.secured.dialing()
        _ = stream.handle(.headerReceived(StreamHeader(from: nil, to: "b.example"), freshID: "id-2"))
        #expect(stream.prove(Self.first).contains { $0.association?.pair == Self.first })
    }

    @Test func `DB-12, DK-04: the key goes to the sender's server with the identifier of the header in force`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let question = try stream.request(Self.first, key: "the key & more")
        #expect(question.pair == Self.first)
        #expect(question.streamID == "id-2")
        #expect(question.key == "the key & more")
        #expect(question.isEncrypted)
    }

    @Test func `DB-15: valid opens exactly that pair, and says so first`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let actions = stream.prove(Self.first)
        #expect(actions.first == .send(.result(Self.first, type: "valid")))
        let association = try #require(actions.compactMap(\.association).first)
        #expect(association.mechanism == .dialback)
        #expect(association.direction == .inbound)
        #expect(actions.contains(.disarm(.negotiation)))
        #expect(stream.isEstablished)
        #expect(stream.handle(.stanzasReceived([Receiving.good])).compactMap(\.delivered) == [[Receiving.good]])
        let elsewhere = Receiving.stanza(from: "x@a.example", to: "u@rooms.b.example")
        expectClosed(stream.handle(.stanzasReceived([elsewhere])), .hostUnknown)
    }

    @Test func `DK-05, PA-02: a prooftype that proves the sender makes a call back needless`() {
        var (stream, _) = Receiving.unproven.dialing()
        let asked = stream.handle(.elementReceived(.result(Self.first)))
        #expect(asked.contains(.prove(Self.first, .sender)))
        let actions = stream.handle(.proofConcluded(.proven(Self.first, .sender)))
        #expect(actions.first == .send(.result(Self.first, type: "valid")))
        #expect(actions.compactMap(\.question).isEmpty)
        #expect(actions.compactMap(\.association).map(\.prooftype) == ["scripted"])
    }

    @Test func `DK-06: each request has the certificate judged anew`() {
        var (stream, _) = Receiving.established.dialing()
        #expect(stream.handle(.elementReceived(.result(Self.second))).contains(.prove(Self.second, .sender)))
        // What proved the first pair at the handshake is not asked about; by now the certificate has expired.
        let actions = stream.handle(.proofConcluded(.refused(Self.second, .sender)))
        #expect(actions.compactMap(\.question).map(\.pair) == [Self.second])
    }

    @Test func `PA-03, PA-05, PS-06: further senders and targets are judged each for itself`() throws {
        var (stream, _) = Receiving.established.dialing()
        let rooms = pair("a.example", "rooms.b.example")
        #expect(stream.prove(Self.second).compactMap(\.association).map(\.mechanism) == [.assertion])
        #expect(stream.prove(rooms).compactMap(\.association).map(\.mechanism) == [.supposition])
        #expect(stream.associations.map(\.pair) == [Self.first, Self.second, rooms])
        let third = pair("d.example", "b.example")
        let question = try stream.request(third)
        let refused = stream.handle(.questionAnswered(question, .silent(reason: "closed")))
        #expect(refused.compactMap(\.dialback).map(\.dialbackCondition) == ["remote-server-timeout"])
        #expect(stream.isEstablished)
        #expect(stream.handle(.stanzasReceived([Receiving.good])).compactMap(\.delivered).count == 1)
    }

    @Test func `PA-04: whoever answered may go; the pair stays`() {
        var (stream, _) = Receiving.established.dialing()
        _ = stream.prove(Self.second)
        let stanza = Receiving.stanza(from: "x@c.example", to: "u@b.example")
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
        // What is open stays open when it is asked for again.
        #expect(stream.handle(.elementReceived(.result(Self.second))) == [.send(.result(Self.second, type: "valid"))])
    }

    // MARK: - A pair is refused

    @Test(
        arguments: [
            (.notFound(reason: ""), "remote-server-not-found"), (.unreachable(reason: ""), "remote-connection-failed"),
            (.silent(reason: ""), "remote-server-timeout"), (.overloaded(reason: ""), "resource-constraint"),
            (.unproven(.dialled(for: first, isEncrypted: false)), "not-authorized"),
        ] as [(DialbackAnswer, String)])
    func `DB-18, DB-19, DB-20, DB-21, DB-22: what became of the question is told, and the stream stays`(
        answer: DialbackAnswer, condition: String
    ) throws {
        var (stream, _) = Receiving.unproven.dialing()
        let question = try stream.request(Self.first)
        let actions = stream.handle(.questionAnswered(question, answer))
        let reply = try #require(actions.compactMap(\.dialback).first)
        #expect(reply.dialbackCondition == condition)
        #expect(reply["from"] == "b.example")
        #expect(reply["to"] == "a.example")
        #expect(!actions.contains(.disconnect))
        // Another try on the same stream may do better.
        #expect(stream.prove(Self.first).compactMap(\.association).count == 1)
    }

    @Test func `PA-06, DB-21: under a level that asks for a proof a good key of an unproved server is not enough`()
        throws
    {
        var (stream, _) = Receiving.established.dialing(.test(.authenticated))
        let question = try stream.request(Self.second)
        let answer = DialbackAnswer.valid(.dialled(for: Self.second, isProved: false))
        let actions = stream.handle(.questionAnswered(question, answer))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["not-authorized"])
        #expect(actions.compactMap(\.association).isEmpty)
        #expect(!actions.contains(.disconnect))
    }

    @Test func `DB-16: a forged key of the first and only pair is told, and ends the stream`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let question = try stream.request(Self.first)
        let actions = stream.handle(.questionAnswered(question, .invalid(.dialled(for: Self.first))))
        #expect(actions.compactMap(\.dialback) == [.result(Self.first, type: "invalid")])
        #expect(actions.last == .disconnect)
        guard case .forgedKey(Self.first, _)? = actions.compactMap(\.dialbackReport).first else {
            Issue.record("the attempt is not reported: \(actions)")
            return
        }
    }

    @Test func `DB-17: a forged key beside a proved pair is forbidden, and the stream stays`() throws {
        var (stream, _) = Receiving.established.dialing()
        let question = try stream.request(Self.second)
        let actions = stream.handle(.questionAnswered(question, .invalid(.dialled(for: Self.second))))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["forbidden"])
        #expect(stream.isEstablished)
        let spoofed = Receiving.stanza(from: "x@c.example", to: "u@b.example")
        expectClosed(stream.handle(.stanzasReceived([spoofed])), .invalidFrom)
    }

    @Test func `DB-11: a target that is not here is answered in its own name, and nobody is asked`() throws {
        var (stream, _) = Receiving.established.dialing()
        let elsewhere = pair("a.example", "nosuch.example")
        let actions = stream.handle(.elementReceived(.result(elsewhere)))
        let reply = try #require(actions.compactMap(\.dialback).first)
        #expect(reply.dialbackCondition == "item-not-found")
        #expect(reply["from"] == "nosuch.example")
        #expect(reply["to"] == "a.example")
        #expect(reply.first(Namespace.server, "error")?["type"] == "cancel")
        #expect(!actions.contains { if case .prove = $0 { true } else { false } })
        #expect(stream.isEstablished)
    }

    @Test(
        arguments: [
            (pair("b.example", "rooms.b.example"), "k", "not-acceptable"),
            (pair("rooms.b.example", "b.example"), "k", "not-acceptable"),
            (pair("blocked.example", "b.example"), "k", "policy-violation"), (second, "", "not-acceptable"),
            (second, String(repeating: "k", count: 1025), "not-acceptable"),
        ])
    func `DB-21: a sender that is ours, is blocked or brings no key is refused before anything is looked up`(
        pair: DomainPair, key: String, condition: String
    ) {
        var (stream, _) = Receiving.established.dialing(.test(.verified))
        let actions = stream.handle(.elementReceived(.result(pair, key: key)))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == [condition])
        #expect(!actions.contains { if case .prove = $0 { true } else { false } })
        #expect(stream.isEstablished)
    }

    @Test(arguments: FederationPolicy.Level.allCases)
    func `DB-21: in clear a pair is proved only where the policy does without TLS`(level: FederationPolicy.Level) {
        var (stream, _) = Receiving.inClear.dialing(.test(level))
        let actions = stream.handle(.elementReceived(.result(Self.first)))
        guard level == .verified else {
            #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["policy-violation"])
            #expect(!actions.contains(.disconnect))
            return
        }
        #expect(actions.contains(.prove(Self.first, .sender)))
    }

    @Test(arguments: DialbackError.Condition.allCases)
    func `DB-23: every condition is a child of an error in the content namespace`(
        condition: DialbackError.Condition
    ) throws {
        // As a peer of our own kind reads it.
        var (stream, _) = Initiating.established.dialing()
        _ = stream.handle(.associate(pair("c.example", "b.example")))
        let element = XMLElement.result(
            pair("c.example", "b.example"), type: "error", error: condition.rawValue)
        guard case .refused(let error, _)? = stream.handle(.elementReceived(element)).compactMap(\.pairFailure).first
        else {
            Issue.record("\(condition) is not understood")
            return
        }
        #expect(error.condition == condition)
    }

    // MARK: - Others go on

    @Test func `DB-26: while one pair waits, stanzas, keys and other pairs go on`() throws {
        var (stream, _) = Receiving.established.dialing()
        let waiting = try stream.request(Self.second)
        #expect(stream.handle(.stanzasReceived([Receiving.good])).compactMap(\.delivered).count == 1)
        let own = pair("b.example", "x.example")
        let key = DialbackSecret.test.key(for: own, streamID: "theirs")
        let verified = stream.handle(.elementReceived(.verify(own, id: "theirs", key: key)))
        #expect(verified == [.send(.verify(own, id: "theirs", type: "valid"))])
        #expect(stream.prove(pair("d.example", "b.example")).compactMap(\.association).count == 1)
        let late = stream.handle(.questionAnswered(waiting, .valid(.dialled(for: Self.second))))
        #expect(late.compactMap(\.association).map(\.pair) == [Self.second])
    }

    @Test func `DB-20: a question that nobody answers is over after its time, and one timer serves all`() throws {
        var (stream, _) = Receiving.established.dialing()
        let asked = stream.handle(.elementReceived(.result(Self.second)))
        #expect(asked.contains(.arm(.dialback)))
        let other = stream.handle(.elementReceived(.result(pair("d.example", "b.example"))))
        #expect(!other.contains(.arm(.dialback)))
        for _ in 1..<StreamDeadline.dialbackParts {
            #expect(stream.handle(.deadlinePassed(.dialback)) == [.arm(.dialback)])
        }
        let actions = stream.handle(.deadlinePassed(.dialback))
        #expect(
            actions.compactMap(\.dialback).map(\.dialbackCondition) == [
                "remote-server-timeout", "remote-server-timeout",
            ])
        #expect(!actions.contains(.arm(.dialback)))
        #expect(stream.isEstablished)
    }

    @Test func `DO-06: requests in front of the features wait for them, as many as may`() throws {
        var (stream, _) = Receiving.awaitingProof.dialing()
        #expect(stream.handle(.elementReceived(.result(Self.first))) == [])
        let actions = stream.handle(.proofConcluded(.refused(Self.first, .sender)))
        #expect(actions.compactMap(\.features).count == 1)
        #expect(actions.contains(.prove(Self.first, .sender)))
        var (flooded, _) = Receiving.awaitingProof.dialing()
        var answers: [StreamAction] = []
        for _ in 0...16 { answers = flooded.handle(.elementReceived(.result(Self.first))) }
        expectClosed(answers, .policyViolation)
    }

    // MARK: - Limits

    @Test func `DB-22: a stream carries as many pairs as the limit says, and an excess request hurts nobody`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.pairsPerStream = 2
        var (stream, _) = Receiving.established.dialing(settings)
        #expect(stream.prove(Self.second).compactMap(\.association).count == 1)
        let actions = stream.handle(.elementReceived(.result(pair("d.example", "b.example"))))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["resource-constraint"])
        #expect(stream.associations.count == 2)
    }

    @Test(arguments: [Receiving.unproven, .established])
    func `DO-06: a flood of requests becomes no flood of questions`(state: Receiving) {
        let settings = DialbackSettings.test(.encrypted)
        var (stream, _) = state.dialing(settings)
        let limit = state == .established ? settings.pendingPairs : settings.pendingPairsBeforeProof
        var proofs = 0
        var refusals = 0
        for number in 0..<(limit + 10) {
            let element = XMLElement(
                Namespace.dialback, "result", attributes: ["from": "x\(number).example", "to": "b.example"], text: "k")
            for action in stream.handle(.elementReceived(element)) {
                if case .prove = action { proofs += 1 }
                if action.dialback?.dialbackCondition == "resource-constraint" { refusals += 1 }
            }
        }
        #expect(proofs == limit)
        #expect(refusals == 10)
    }

    @Test func `DB-14, DO-06: a server that we dialled may ask about all the keys that it has of us`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.requestsBeforeProof = 5
        var (stream, _) = Receiving.unproven.dialing(settings)
        let key = settings.keys.key(for: pair("b.example", "x.example"), streamID: "x")
        for _ in 0..<20 {
            let actions = stream.handle(
                .elementReceived(.verify(pair("b.example", "x.example"), id: "x", key: key)))
            #expect(actions.compactMap(\.dialback).map { $0["type"] } == ["valid"])
        }
        // That buys nothing for others.
        for _ in 0..<5 {
            _ = stream.handle(.elementReceived(.verify(pair("b.example", "x.example"), id: "y", key: key)))
        }
        expectClosed(
            stream.handle(.elementReceived(.verify(pair("b.example", "x.example"), id: "y", key: key))),
            .policyViolation)
    }

    @Test func `DO-06: who is nobody may not go on asking for ever`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.requestsBeforeProof = 5
        var (stream, _) = Receiving.unproven.dialing(settings)
        for _ in 0..<5 {
            let actions = stream.handle(.elementReceived(.verify(pair("b.example", "x.example"), id: "x")))
            #expect(actions.compactMap(\.dialback).count == 1)
        }
        expectClosed(
            stream.handle(.elementReceived(.verify(pair("b.example", "x.example"), id: "x"))), .policyViolation)
    }

    // MARK: - Malformed

    @Test(
        arguments: ["result", "verify"],
        [
            ["to": "b.example", "id": "x"], ["from": "a.example", "id": "x"],
            ["from": "", "to": "b.example", "id": "x"], ["from": "user@a.example", "to": "b.example", "id": "x"],
            ["from": "a.example", "to": "b.example/r", "id": "x"],
            ["from": String(repeating: "a", count: 2000), "to": "b.example", "id": "x"],
        ])
    func `DB-27: an element without proper addresses ends the stream, and asks nobody`(
        name: String, attributes: [String: String]
    ) {
        var (stream, _) = Receiving.established.dialing()
        var element = XMLElement(Namespace.dialback, name, text: "k")
        for (name, value) in attributes { element[name] = value }
        expectClosed(stream.handle(.elementReceived(element)), .improperAddressing)
    }

    @Test func `DB-27: verify without an id is improper, and another element is unknown`() {
        var (stream, _) = Receiving.established.dialing()
        var other = stream
        let verify = XMLElement(
            Namespace.dialback, "verify", attributes: ["from": "a.example", "to": "b.example"], text: "k")
        expectClosed(stream.handle(.elementReceived(verify)), .improperAddressing)
        expectClosed(
            other.handle(.elementReceived(XMLElement(Namespace.dialback, "frobnicate"))), .unsupportedStanzaType)
    }

    @Test func `D-26: the answer repeats the addresses as the peer spelled them`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let request = XMLElement(
            Namespace.dialback, "result",
            attributes: ["from": "XN--MNCHEN-3YA.example.", "to": "B.Example"], text: "\n  k\n")
        let asked = pair("münchen.example", "b.example")
        #expect(stream.handle(.elementReceived(request)).contains(.prove(asked, .sender)))
        let actions = stream.handle(.proofConcluded(.proven(asked, .sender)))
        let reply = try #require(actions.compactMap(\.dialback).first)
        #expect(reply["to"] == "XN--MNCHEN-3YA.example.")
        #expect(reply["from"] == "B.Example")
        #expect(actions.compactMap(\.association).map(\.pair) == [asked])
    }
}
