import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("The authoritative side of dialback")
struct KeyCheckTests {
    /// Of a pair whose sender is ours.
    private static let own = pair("b.example", "x.example")
    private static let key = DialbackSecret.test.key(for: own, streamID: "theirs")

    @Test(arguments: [Receiving.awaitingProof, .unproven, .proven, .established])
    func `DB-24, DB-25: a key of ours is valid, for whoever asks`(state: Receiving) {
        var (stream, _) = state.dialing()
        let actions = stream.handle(.elementReceived(.verify(Self.own, id: "theirs", key: Self.key)))
        #expect(actions == [.send(.verify(Self.own, id: "theirs", type: "valid"))])
    }

    @Test(
        arguments: [
            (own, "theirs", String(key.dropLast()) + "0"), (own, "other", key),
            (pair("rooms.b.example", "x.example"), "theirs", key), (pair("b.example", "y.example"), "theirs", key),
            (own, "theirs", ""),
        ])
    func `DB-24: a replayed key, one of another stream, pair or target, or none at all, is invalid`(
        pair: DomainPair, id: String, key: String
    ) {
        var (stream, _) = Receiving.unproven.dialing()
        let actions = stream.handle(.elementReceived(.verify(pair, id: id, key: key)))
        #expect(actions.compactMap(\.dialback) == [.verify(pair, id: id, type: "invalid")])
        #expect(actions.compactMap(\.dialbackReport) == [.foreignKey(pair)])
    }

    @Test func `DB-25: a domain that is not ours is an error, and the stream goes on`() throws {
        var (stream, _) = Receiving.unproven.dialing()
        let elsewhere = pair("nosuch.example", "x.example")
        let actions = stream.handle(.elementReceived(.verify(elsewhere, id: "1")))
        let reply = try #require(actions.compactMap(\.dialback).first)
        #expect(reply.dialbackCondition == "item-not-found")
        #expect(reply["from"] == "nosuch.example")
        #expect(reply["id"] == "1")
        let next = stream.handle(.elementReceived(.verify(Self.own, id: "theirs", key: Self.key)))
        #expect(next == [.send(.verify(Self.own, id: "theirs", type: "valid"))])
    }

    @Test func `DB-25: in clear a key is checked only where the policy does without TLS`() {
        let element = XMLElement.verify(Self.own, id: "theirs", key: Self.key)
        var (strict, _) = Receiving.inClear.dialing(.test(.encrypted))
        let refusal = strict.handle(.elementReceived(element))
        #expect(refusal.compactMap(\.dialback).map(\.dialbackCondition) == ["policy-violation"])
        var (loose, _) = Receiving.inClear.dialing(.test(.verified))
        #expect(loose.handle(.elementReceived(element)) == [.send(.verify(Self.own, id: "theirs", type: "valid"))])
    }

    @Test func `DB-25: that a key is ours proves nothing of who asks`() {
        var (stream, _) = Receiving.unproven.dialing()
        _ = stream.handle(.elementReceived(.verify(Self.own, id: "theirs", key: Self.key)))
        #expect(stream.associations.isEmpty)
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
    }

    @Test func `DB-02: without dialback its elements are unknown, and nothing is announced`() throws {
        var (stream, actions) = Receiving.unproven.led
        let features = try #require(actions.compactMap(\.features).last)
        #expect(features.first(Namespace.dialbackFeature, "dialback") == nil)
        expectClosed(
            stream.handle(.elementReceived(.verify(Self.own, id: "theirs", key: Self.key))), .unsupportedStanzaType)
    }
}
