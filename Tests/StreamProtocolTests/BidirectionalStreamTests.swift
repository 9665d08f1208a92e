import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Streams in both directions")
struct BidirectionalStreamTests {
    private static let inbound = Receiving.pair
    private static let roomsBack = pair("rooms.b.example", "a.example")

    // MARK: - Receiving

    @Test func `BI-01: both sets of features announce it`() {
        let features = Receiving.unproven.dialing(bidirectional: true).actions.compactMap(\.features)
        #expect(features.count == 2)
        #expect(features.allSatisfy { $0.first(Namespace.bidirectionalFeature, "bidi") != nil })
    }

    @Test func `BI-03, BI-04: with SASL the pair and its reverse open together, and not before`() {
        let (stream, actions) = Receiving.established.dialing(bidirectional: true)
        #expect(stream.associations.map(\.pair) == [Self.inbound, Self.inbound.reversed])
        #expect(actions.compactMap(\.association).map(\.isIncoming) == [true, false])
        #expect(Receiving.restarted.dialing(bidirectional: true).stream.associations.isEmpty)
    }

    @Test func `BI-03, BI-04: with dialback the reverse of each verified pair opens behind the answer`() throws {
        var (stream, _) = Receiving.unproven.dialing(bidirectional: true)
        let question = try stream.request(Self.inbound)
        #expect(stream.associations.isEmpty)
        let actions = stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.inbound))))
        #expect(actions.first == .send(.result(Self.inbound, type: "valid")))
        #expect(actions.compactMap(\.association).map(\.pair) == [Self.inbound, Self.inbound.reversed])
        // What goes out does not come in.
        let mirrored = Receiving.stanza(from: "u@b.example", to: "x@a.example")
        expectClosed(stream.handle(.stanzasReceived([mirrored])), .invalidFrom)
    }

    @Test func `BI-08, OW-04: without a request for it nothing flows back`() {
        var (stream, actions) = Receiving.established.dialing()
        #expect(actions.compactMap(\.association).map(\.isIncoming) == [true])
        // Nor behind the proof.
        #expect(stream.handle(.elementReceived(Receiving.bidi)).count > 0)
        var (late, _) = Receiving.established.dialing(bidirectional: true)
        let before = late.associations
        #expect(late.handle(.elementReceived(Receiving.bidi)) == [])
        #expect(late.associations == before)
    }

    @Test func `BI-02: what was asked for in clear has no effect under TLS`() {
        var policy = Receiving.policy
        policy.dialback = .test(.encrypted)
        var limits = Receiving.limits
        limits.isBidirectional = true
        var stream = ReceivingStream(
            policy: policy, isEncrypted: false, features: AllStreamFeatures.make(limits), errorID: "error-id")
        for event in Receiving.inClear.events { _ = stream.handle(event) }
        #expect(stream.handle(.elementReceived(Receiving.bidi)) == [])
        for event in Receiving.established.events.dropFirst(Receiving.inClear.events.count) { _ = stream.handle(event) }
        #expect(stream.associations.map(\.pair) == [Self.inbound])
    }

    @Test func `BI-05: we ask for another domain of ours towards a domain that the peer has proved`() throws {
        var (stream, _) = Receiving.established.dialing(bidirectional: true)
        let asked = stream.handle(.associate(Self.roomsBack))
        let key = DialbackSecret.test.key(for: Self.roomsBack, streamID: "id-3")
        #expect(asked.first == .send(.result(Self.roomsBack, key: key)))
        let actions = stream.handle(.elementReceived(.result(Self.roomsBack, type: "valid")))
        #expect(actions.compactMap(\.association).map(\.pair) == [Self.roomsBack, Self.roomsBack.reversed])
        let stanza = Receiving.stanza(from: "x@a.example", to: "u@rooms.b.example")
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
    }

    @Test(arguments: DialbackError.Condition.allCases)
    func `BI-05, DB-08: what the peer refuses needs a stream of its own, and hurts nobody else`(
        condition: DialbackError.Condition
    ) {
        var (stream, _) = Receiving.established.dialing(bidirectional: true)
        _ = stream.handle(.associate(Self.roomsBack))
        let actions = stream.handle(
            .elementReceived(.result(Self.roomsBack, type: "error", error: condition.rawValue)))
        #expect(
            actions.compactMap(\.pairFailure) == [.refused(DialbackError(condition), mayUseOwnStream: true)])
        #expect(stream.isEstablished)
    }

    @Test
    func `BI-05, BI-04: towards a domain that nobody proved, from one that is not ours, or in one direction: not here`()
    {
        for (wanted, bidirectional) in [
            (pair("b.example", "c.example"), true), (pair("x.example", "a.example"), true), (Self.roomsBack, false),
        ] {
            var (stream, _) = Receiving.established.dialing(bidirectional: bidirectional)
            let actions = stream.handle(.associate(wanted))
            guard case .needsOwnStream? = actions.compactMap(\.pairFailure).first, actions.count == 1 else {
                Issue.record("\(wanted): \(actions)")
                return
            }
        }
    }

    @Test func `BI-07, DB-06: an answer counts for what was asked, in its time`() {
        var (stream, _) = Receiving.established.dialing(bidirectional: true)
        let unsolicited = stream.handle(.elementReceived(.result(Self.roomsBack, type: "valid")))
        #expect(unsolicited == [.report(.dialback(.unsolicited(Self.roomsBack, type: "valid")))])
        _ = stream.handle(.associate(Self.roomsBack))
        let crossed = stream.handle(.elementReceived(.result(Self.roomsBack.reversed, type: "valid")))
        #expect(crossed.compactMap(\.association).isEmpty)
        var actions: [StreamAction] = []
        for _ in 0..<StreamDeadline.dialbackParts { actions = stream.handle(.deadlinePassed(.dialback)) }
        #expect(actions.compactMap(\.pairFailure) == [.timedOut])
        let late = stream.handle(.elementReceived(.result(Self.roomsBack, type: "valid")))
        #expect(late.compactMap(\.association).isEmpty)
        #expect(stream.associations.count == 2)
    }

    @Test func `DB-07: an invalid key of ours ends the stream`() {
        var (stream, _) = Receiving.established.dialing(bidirectional: true)
        _ = stream.handle(.associate(Self.roomsBack))
        let actions = stream.handle(.elementReceived(.result(Self.roomsBack, type: "invalid")))
        #expect(actions.compactMap(\.pairFailure) == [.invalidKey])
        #expect(actions.contains(.sendClosingTag))
    }

    // MARK: - Initiating

    @Test(arguments: [true, false])
    func `BI-02: we ask for it in front of EXTERNAL and of dialback`(presented: Bool) {
        let announced = [Initiating.mechanisms, Initiating.dialbackFeature, Initiating.bidiFeature]
        let (_, actions) = Initiating.negotiating(announced, presented: presented, bidirectional: true)
        let names = actions.compactMap { action -> String? in
            if case .send(let element) = action { element.name } else { nil }
        }
        #expect(names == ["bidi", presented ? "auth" : "result"])
    }

    @Test func `BI-04: what the target sends back comes in on the stream`() {
        var (stream, actions) = Initiating.established.dialing(bidirectional: true)
        #expect(stream.associations.map(\.pair) == [Initiating.pair, Initiating.pair.reversed])
        #expect(actions.compactMap(\.association).map(\.direction) == [.outbound, .outbound])
        let stanza = Receiving.stanza(from: "u@b.example", to: "x@a.example")
        actions = stream.handle(.stanzasReceived([stanza]))
        #expect(actions.compactMap(\.delivered) == [[stanza]])
        let foreign = Receiving.stanza(from: "u@rooms.b.example", to: "x@a.example")
        expectClosed(stream.handle(.stanzasReceived([foreign])), .invalidFrom)
    }

    @Test func `BI-03, BI-08: before the pair is open, or without our request, a stanza ends the stream`() {
        let stanza = Receiving.stanza(from: "u@b.example", to: "x@a.example")
        var (early, _) = Initiating.negotiating(
            [Initiating.dialbackFeature, Initiating.bidiFeature], bidirectional: true)
        expectClosed(early.handle(.stanzasReceived([stanza])), .notAuthorized)
        var (oneWay, _) = Initiating.established.dialing(announced: [
            Initiating.dialbackFeature, Initiating.bidiFeature,
        ])
        expectClosed(oneWay.handle(.stanzasReceived([stanza])), .notAuthorized)
    }

    @Test func `BI-05: the peer's request for another domain of its is judged like any other`() throws {
        var (stream, _) = Initiating.established.dialing(bidirectional: true)
        let asked = stream.handle(.elementReceived(.result(Self.roomsBack)))
        #expect(asked.contains(.prove(Self.roomsBack, .sender)))
        let verify = stream.handle(.proofConcluded(.refused(Self.roomsBack, .sender)))
        let question = try #require(verify.compactMap(\.question).first)
        #expect(question.streamID == "id-1")
        let actions = stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.roomsBack))))
        #expect(actions.first == .send(.result(Self.roomsBack, type: "valid")))
        #expect(actions.compactMap(\.association).map(\.pair) == [Self.roomsBack, Self.roomsBack.reversed])
        #expect(actions.compactMap(\.association).map(\.direction) == [.outbound, .outbound])
        let stanza = Receiving.stanza(from: "u@rooms.b.example", to: "x@a.example")
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
    }

    @Test func `BI-05: a domain that is not here is refused, and so is a forged key; the stream stays`() throws {
        var (stream, _) = Initiating.established.dialing(bidirectional: true)
        let elsewhere = stream.handle(.elementReceived(.result(pair("rooms.b.example", "nosuch.example"))))
        #expect(elsewhere.compactMap(\.dialback).map(\.dialbackCondition) == ["item-not-found"])
        let question = try stream.request(Self.roomsBack)
        let forged = stream.handle(.questionAnswered(question, .invalid(.dialled(for: Self.roomsBack))))
        #expect(forged.compactMap(\.dialback).map(\.dialbackCondition) == ["forbidden"])
        #expect(stream.isEstablished)
    }

    @Test func `BI-06, DB-13: a key that came on a stream is not asked about on it`() throws {
        var (stream, _) = Initiating.established.dialing(bidirectional: true)
        // The stream leads to b.example, which asks for itself once more towards another domain of ours.
        let asked = pair("b.example", "c.example")
        let question = try stream.request(asked)
        let actions = stream.handle(.ask(question))
        guard case .unreachable? = actions.compactMap(\.answer).first, actions.count == 1 else {
            Issue.record("asked on the very stream: \(actions)")
            return
        }
    }

    @Test func `BI-07, DB-24: keys of ours are checked for the peer on such a stream as well`() {
        var (stream, _) = Initiating.established.dialing(bidirectional: true)
        let own = pair("c.example", "x.example")
        let key = DialbackSecret.test.key(for: own, streamID: "theirs")
        #expect(
            stream.handle(.elementReceived(.verify(own, id: "theirs", key: key)))
                == [.send(.verify(own, id: "theirs", type: "valid"))])
    }
}

extension InitiatingStream {
    /// The peer asks for a pair, and no prooftype proves it; what is to be asked of the authoritative server.
    fileprivate mutating func request(_ pair: DomainPair) throws -> DialbackQuestion {
        _ = handle(.elementReceived(.result(pair)))
        let actions = handle(.proofConcluded(.refused(pair, .sender)))
        return try #require(actions.compactMap(\.question).first)
    }
}
