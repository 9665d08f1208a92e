import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// XEP-0220 §3.1 and what else somebody might try: nothing but an answer to a question of ours opens anything.
@Suite("Attacks on dialback")
struct DialbackAttackTests {
    private static let first = Receiving.pair
    private static let victim = pair("victim.example", "b.example")

    @Test(arguments: ["valid", "invalid", "error", "frobnicate"])
    func `DB-10, DB-09: an answer on a stream that a peer opened has no effect`(type: String) {
        for state in [Receiving.unproven, .proven, .established] {
            var (stream, _) = state.dialing()
            let before = stream.associations
            for element: XMLElement in [
                .result(Self.first, type: type), .result(Self.first.reversed, type: type),
                .result(Self.victim, type: type), .verify(Self.first, id: "id-2", type: type),
                .verify(Self.first.reversed, id: "id-2", type: type),
            ] {
                let actions = stream.handle(.elementReceived(element))
                #expect(actions.count == 1)
                #expect(actions.compactMap(\.dialbackReport).count == 1)
            }
            #expect(stream.associations == before)
        }
    }

    /// Each would be a lookup, and a connection to a server of the peer's choice, beside all others.
    @Test(arguments: ["", String(repeating: "k", count: 2000)])
    func `DB-22, DO-06: what is being proved cannot be taken back to have more proved`(key: String) throws {
        var (stream, _) = Receiving.unproven.dialing()
        var proofs = 0
        for number in 0..<100 {
            let wanted = DomainPair(sender: try DomainName("c\(number).example"), target: Self.first.target)
            let asked = stream.handle(.elementReceived(.result(wanted, key: "k")))
            if asked.contains(.prove(wanted, .sender)) { proofs += 1 }
            _ = stream.handle(.elementReceived(.result(wanted, key: key)))
        }
        #expect(proofs == DialbackSettings.test(.encrypted).pendingPairsBeforeProof)
    }

    @Test func `DB-10: not even while the very pair waits for its proof`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let question = try stream.request(Self.first)
        for element: XMLElement in [
            .verify(Self.first, id: question.streamID, type: "valid"), .result(Self.first, type: "valid"),
        ] {
            let actions = stream.handle(.elementReceived(element))
            #expect(actions.compactMap(\.association).isEmpty)
        }
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
    }

    @Test func `DB-09: an answer to another question than the one that is open here proves nothing`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let question = try stream.request(Self.first)
        let valid = DialbackAnswer.valid(.dialled(for: Self.first))
        let forged = [
            // Of another stream, with another key, for another pair, or about nobody at all.
            DialbackQuestion(question.claim, isEncrypted: true, streamID: "id-1", key: question.key),
            DialbackQuestion(question.claim, isEncrypted: true, streamID: question.streamID, key: "other"),
            DialbackQuestion.test(Self.victim, id: question.streamID),
            DialbackQuestion.test(Self.first.reversed, id: question.streamID),
        ]
        for other in forged { #expect(stream.handle(.questionAnswered(other, valid)) == []) }
        #expect(stream.associations.isEmpty)
        // The open one is answered by its own server alone, and once.
        var copy = stream
        let wrong = copy.handle(.questionAnswered(question, .valid(.dialled(for: Self.victim))))
        #expect(wrong.compactMap(\.dialback).map(\.dialbackCondition) == ["not-acceptable"])
        #expect(stream.handle(.questionAnswered(question, valid)).compactMap(\.association).count == 1)
        #expect(stream.handle(.questionAnswered(question, valid)) == [])
    }

    @Test func `DB-09: two pending pairs are not confused`() throws {
        var (stream, _) = Receiving.established.dialing()
        let honest = pair("c.example", "b.example")
        let question = try stream.request(honest, key: "honest")
        let attack = try stream.request(Self.victim, key: "forged")
        // The answer that was made for one pair is for that pair.
        let crossed = stream.handle(.questionAnswered(attack, .valid(.dialled(for: honest))))
        #expect(crossed.compactMap(\.association).isEmpty)
        let actions = stream.handle(.questionAnswered(question, .valid(.dialled(for: honest))))
        #expect(actions.compactMap(\.association).map(\.pair) == [honest])
        let spoofed = Receiving.stanza(from: "x@victim.example", to: "u@b.example")
        expectClosed(stream.handle(.stanzasReceived([spoofed])), .invalidFrom)
    }

    @Test func `DB-09: a second key for a pair that waits changes nothing`() throws {
        var (stream, _) = Receiving.established.dialing()
        let question = try stream.request(Self.victim, key: "one")
        let again = stream.handle(.elementReceived(.result(Self.victim, key: "two")))
        #expect(again == [.report(.dialback(.repeated(Self.victim)))])
        let actions = stream.handle(.questionAnswered(question, .invalid(.dialled(for: Self.victim))))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["forbidden"])
    }

    @Test func `DB-09: a proof of the other side, or for a pair that nobody asked for, opens nothing`() {
        var (stream, _) = Receiving.unproven.dialing()
        _ = stream.handle(.elementReceived(.result(Self.first)))
        #expect(stream.handle(.proofConcluded(.proven(Self.first, .target))) == [])
        #expect(stream.handle(.proofConcluded(.proven(Self.victim, .sender))) == [])
        #expect(stream.associations.isEmpty)
    }

    @Test func `DB-26, XS-18: a stanza in front of the proof is refused, and one of a pair that waits as well`() throws
    {
        var (stream, _) = Receiving.unproven.dialing()
        _ = try stream.request(Self.first)
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
        var (other, _) = Receiving.established.dialing()
        _ = try other.request(Self.victim)
        let early = Receiving.stanza(from: "x@victim.example", to: "u@b.example")
        expectClosed(other.handle(.stanzasReceived([early])), .invalidFrom)
    }

    @Test func `DB-09: what comes behind the end of the stream has no effect`() throws {
        for end: StreamEvent in [.closedByPeer, .closeRequested(nil), .failed(StreamError(.notWellFormed))] {
            var (stream, _) = Receiving.established.dialing()
            let question = try stream.request(Self.victim)
            _ = stream.handle(end)
            let late = stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.victim))))
            #expect(late == [])
            #expect(stream.handle(.elementReceived(.result(Self.victim, type: "valid"))) == [])
            #expect(stream.associations.map(\.pair) == [Self.first])
        }
    }

    @Test func `XS-19, DB-12: a pair that waits does not survive a new stream, nor does its identifier`() throws {
        var (stream, _) = Receiving.proven.dialing()
        let question = try stream.request(Self.victim)
        _ = stream.handle(.elementReceived(Receiving.auth))
        _ = stream.handle(.headerReceived(Receiving.header, freshID: "id-3"))
        #expect(stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.victim)))) == [])
        let next = try stream.request(Self.victim)
        #expect(next.streamID == "id-3")
    }

    @Test func `TL-05: what was proved in clear counts for nothing under TLS`() {
        var (stream, _) = Receiving.inClear.dialing(.test(.verified))
        let question = try? stream.request(Self.victim)
        _ = stream.handle(.elementReceived(Receiving.startTLS))
        _ = stream.handle(.secured(presentedCertificate: true))
        _ = stream.handle(.headerReceived(Receiving.header, freshID: "id-2"))
        if let question {
            #expect(stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.victim)))) == [])
        }
        #expect(stream.associations.isEmpty)
    }

    // MARK: - On a stream that we opened

    @Test(arguments: ["valid", "invalid", "error"])
    func `DB-09: an answer that we did not ask for authorises nothing on our streams`(type: String) {
        var (stream, _) = Initiating.established.dialing()
        let asked = pair("c.example", "b.example")
        _ = stream.handle(.associate(asked))
        for element: XMLElement in [
            .result(asked.reversed, type: type), .result(pair("c.example", "victim.example"), type: type),
            .result(pair("d.example", "b.example"), type: type), .verify(asked, id: "id-1", type: type),
            .verify(asked.reversed, id: "id-1", type: type),
        ] {
            let actions = stream.handle(.elementReceived(element))
            #expect(actions.count == 1)
            #expect(actions.compactMap(\.dialbackReport).count == 1)
        }
        #expect(stream.associations.map(\.pair) == [Initiating.pair])
        #expect(
            stream.handle(.elementReceived(.result(asked, type: "valid"))).compactMap(\.association).map(\.pair)
                == [asked])
    }

    @Test func `DB-09: a pair whose proof is under way has not been asked for yet`() {
        var (stream, _) = Initiating.established.dialing()
        let rooms = pair("a.example", "rooms.b.example")
        _ = stream.handle(.associate(rooms))
        let actions = stream.handle(.elementReceived(.result(rooms, type: "valid")))
        #expect(actions == [.report(.dialback(.unsolicited(rooms, type: "valid")))])
        #expect(stream.associations.count == 1)
    }

    @Test func `DB-09: the answer to a question names its pair and its stream`() {
        var stream = Initiating.answering()
        let question = DialbackQuestion.test()
        _ = stream.handle(.ask(question))
        for element: XMLElement in [
            .verify(question.pair, id: "other", type: "valid"),
            .verify(question.pair.reversed, id: "ours", type: "valid"),
            .verify(pair("victim.example", "a.example"), id: "ours", type: "valid"),
            .result(question.pair, type: "valid"), .verify(question.pair, id: "ours", type: "frobnicate"),
        ] {
            #expect(stream.handle(.elementReceived(element)).compactMap(\.answer).isEmpty)
        }
        #expect(
            stream.handle(.elementReceived(.verify(question.pair, id: "ours", type: "valid"))).compactMap(\.answer)
                .count == 1)
    }

    @Test func `BI-08: a request on a stream of one direction ends it`() {
        var (stream, _) = Initiating.established.dialing()
        expectClosed(
            stream.handle(.elementReceived(.result(pair("rooms.b.example", "a.example")))), .unsupportedStanzaType)
    }

    @Test func `DB-27: a malformed answer ends a stream of ours, and is no proof`() {
        var (stream, _) = Initiating.negotiating()
        let element = XMLElement(
            Namespace.dialback, "result", attributes: ["from": "b.example", "type": "valid"])
        expectClosed(stream.handle(.elementReceived(element)), .improperAddressing)
    }
}
