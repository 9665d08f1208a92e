import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// The end of one proof is not the end of a stream that carries more.
@Suite("Pairs that are taken off a stream")
struct RevocationTests {
    private static let first = Receiving.pair
    private static let second = pair("c.example", "b.example")
    private static let further = pair("c.example", "b.example")
    private static let rooms = pair("a.example", "rooms.b.example")
    private static let roomsBack = pair("rooms.b.example", "a.example")
    private static let expired = Revocation(StreamError(.reset, "over"), isRefutation: false)
    private static let refuted = Revocation(StreamError(.notAuthorized, "over"), isRefutation: true)

    private static func stanza(_ pair: DomainPair) -> Stanza {
        Receiving.stanza(from: "x@\(pair.sender)", to: "u@\(pair.target)")
    }

    /// A stream to us that carries two pairs.
    private static func inbound(bidirectional: Bool = false) -> ReceivingStream {
        var (stream, _) = Receiving.established.dialing(bidirectional: bidirectional)
        _ = stream.prove(second)
        return stream
    }

    /// A stream of ours that carries these pairs besides its first.
    private static func outbound(_ pairs: [DomainPair], bidirectional: Bool = false) -> InitiatingStream {
        var (stream, _) = Initiating.established.dialing(bidirectional: bidirectional)
        for pair in pairs {
            _ = stream.handle(.associate(pair))
            _ = stream.handle(.proofConcluded(.proven(pair, .target)))
            _ = stream.handle(.elementReceived(.result(pair, type: "valid")))
        }
        return stream
    }

    // MARK: - Inbound

    @Test(arguments: [expired, refuted], [first, second])
    func `PT-06, TL-14: a pair goes, the others flow, and nothing is said`(revocation: Revocation, gone: DomainPair) {
        var stream = Self.inbound()
        let left = gone == Self.first ? Self.second : Self.first
        let actions = stream.handle(.revoke([gone], revocation))
        #expect(actions.compactMap(\.withdrawn).map(\.pair) == [gone])
        #expect(actions.count == 1)
        #expect(stream.associations.map(\.pair) == [left])
        #expect(stream.isEstablished)
        let stanza = Self.stanza(left)
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
    }

    @Test(arguments: [expired, refuted])
    func `PT-06, XS-17: a peer that goes on with it is told, and no stanza of another pair is lost`(
        revocation: Revocation
    ) {
        var stream = Self.inbound()
        _ = stream.handle(.revoke([Self.second], revocation))
        let (good, bad) = (Self.stanza(Self.first), Self.stanza(Self.second))
        let actions = stream.handle(.stanzasReceived([good, bad, good]))
        #expect(actions.compactMap(\.delivered).flatMap(\.self) == [good, good])
        #expect(actions.compactMap(\.errorSent) == [revocation.error.condition])
        #expect(actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
        // What is on its way still counts, and the other pair still does not.
        #expect(stream.handle(.stanzasReceived([bad, good, bad])).compactMap(\.delivered) == [[good]])
        #expect(stream.handle(.closedByPeer) == [.disconnect])
    }

    @Test func `PT-06: the peer may have the pair proved again, and no less than the first time`() throws {
        var stream = Self.inbound()
        _ = stream.handle(.revoke([Self.second], Self.refuted))
        let asked = stream.handle(.elementReceived(.result(Self.second)))
        #expect(asked.contains(.prove(Self.second, .sender)))
        #expect(asked.compactMap(\.dialback).isEmpty)
        let verify = stream.handle(.proofConcluded(.refused(Self.second, .sender)))
        let question = try #require(verify.compactMap(\.question).first)
        let actions = stream.handle(.questionAnswered(question, .valid(.dialled(for: Self.second))))
        #expect(actions.first == .send(.result(Self.second, type: "valid")))
        #expect(actions.compactMap(\.association).map(\.pair) == [Self.second])
        let stanza = Self.stanza(Self.second)
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
    }

    @Test func `PT-06, XS-17: with the last pair the stream closes in order, and what is on its way counts`() {
        var stream = Self.inbound()
        let actions = stream.handle(.revoke([Self.first, Self.second], Self.expired))
        #expect(actions.compactMap(\.errorSent) == [.reset])
        #expect(actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
        let stanza = Self.stanza(Self.second)
        #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
    }

    @Test func `PT-06: of who is not the peer that was proved nothing more is taken`() {
        var stream = Self.inbound()
        _ = stream.handle(.revoke([Self.first], Self.expired))
        expectClosed(stream.handle(.revoke([Self.second], Self.refuted)), .notAuthorized)
        // Nor while the stream is closing.
        var closing = Self.inbound()
        _ = closing.handle(.closeRequested(nil))
        let actions = closing.handle(.revoke([Self.first], Self.refuted))
        #expect(actions.compactMap(\.withdrawn).map(\.pair) == [Self.first])
        let (good, bad) = (Self.stanza(Self.second), Self.stanza(Self.first))
        #expect(closing.handle(.stanzasReceived([bad, good])).compactMap(\.delivered) == [[good]])
        #expect(closing.handle(.revoke([Self.second], Self.refuted)).last == .disconnect)
    }

    @Test func `PT-06: what the stream does not carry cannot be taken off`() {
        var stream = Self.inbound()
        #expect(stream.handle(.revoke([pair("d.example", "b.example")], Self.refuted)) == [])
        #expect(stream.handle(.revoke([], Self.refuted)) == [])
        #expect(stream.handle(.revoke([Self.second.reversed], Self.refuted)) == [])
        #expect(stream.associations.count == 2)
        for state in Receiving.allCases where state.stream.associations.isEmpty {
            var (stream, _) = state.dialing()
            #expect(stream.handle(.revoke([Self.first], Self.refuted)) == [])
        }
    }

    @Test func `DB-22: a pair that was taken off has made room`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.pairsPerStream = 2
        var (stream, _) = Receiving.established.dialing(settings)
        _ = stream.prove(Self.second)
        _ = stream.handle(.revoke([Self.first], Self.expired))
        #expect(stream.prove(pair("d.example", "b.example")).compactMap(\.association).count == 1)
        let excess = stream.handle(.elementReceived(.result(pair("e.example", "b.example"))))
        #expect(excess.compactMap(\.dialback).map(\.dialbackCondition) == ["resource-constraint"])
    }

    // MARK: - Outbound

    @Test(arguments: [expired, refuted])
    func `PT-06: our stanzas of the pair go elsewhere, and here it takes a new proof`(revocation: Revocation) throws {
        for gone in [Initiating.pair, Self.further, Self.rooms] {
            var stream = Self.outbound([Self.further, Self.rooms])
            #expect(stream.handle(.revoke([gone], revocation)).compactMap(\.withdrawn).map(\.pair) == [gone])
            #expect(stream.isEstablished)
            // Although the same server has proved to be the target for another pair.
            let asked = stream.handle(.associate(gone))
            #expect(asked.first == .prove(gone, .target))
            #expect(asked.compactMap(\.dialback).isEmpty)
            #expect(stream.handle(.proofConcluded(.proven(gone, .target))).compactMap(\.dialback).count == 1)
            let actions = stream.handle(.elementReceived(.result(gone, type: "valid")))
            let expected: Association.Mechanism =
                gone == Self.rooms ? .supposition : gone == Self.further ? .assertion : .serverIdentity
            #expect(actions.compactMap(\.association).map(\.mechanism) == [expected])
            #expect(stream.associations.count == 3)
        }
    }

    @Test(arguments: FederationPolicy.Level.allCases)
    func `PT-06, PS-02: without a new proof the pair needs a stream of its own`(level: FederationPolicy.Level) {
        for gone in [Initiating.pair, Self.rooms] {
            var (stream, _) = Initiating.established.dialing(.test(level))
            _ = stream.handle(.associate(Self.rooms))
            _ = stream.handle(.proofConcluded(.proven(Self.rooms, .target)))
            _ = stream.handle(.elementReceived(.result(Self.rooms, type: "valid")))
            _ = stream.handle(.revoke([gone], Self.refuted))
            _ = stream.handle(.associate(gone))
            let actions = stream.handle(.proofConcluded(.refused(gone, .target)))
            // Of the target that was dialled the level decides, as it did at first (PT-05).
            guard gone == Initiating.pair, level < .authenticated else {
                #expect(actions.compactMap(\.pairFailure).map(\.mayUseOwnStream) == [true])
                #expect(actions.compactMap(\.dialback).isEmpty)
                continue
            }
            #expect(actions.compactMap(\.dialback).count == 1)
        }
    }

    @Test func `OW-02, PT-06: a server whose proof is over is asked nothing more`() {
        var stream = Self.outbound([Self.rooms])
        let question = DialbackQuestion.test()
        #expect(stream.handle(.ask(question)).compactMap(\.dialback).count == 1)
        let actions = stream.handle(.revoke([Initiating.pair], Self.refuted))
        guard case .unreachable? = actions.compactMap(\.answer).first else {
            Issue.record("the question waits on: \(actions)")
            return
        }
        let late = stream.handle(.elementReceived(.verify(question.pair, id: "ours", type: "valid")))
        #expect(late.compactMap(\.answer).isEmpty)
        guard case .unreachable? = stream.handle(.ask(question)).compactMap(\.answer).first else {
            Issue.record("it is asked")
            return
        }
        // Nor does a conclusion that nobody asked for make it good.
        #expect(stream.handle(.proofConcluded(.proven(Initiating.pair, .target))) == [])
        #expect(stream.handle(.ask(question)).compactMap(\.dialback).isEmpty)
    }

    @Test func `PT-06: with the last pair our stream closes in order, and fails nothing`() {
        for revocation in [Self.expired, Self.refuted] {
            var stream = Self.outbound([Self.further])
            _ = stream.handle(.revoke([Initiating.pair], revocation))
            let actions = stream.handle(.revoke([Self.further], revocation))
            #expect(actions.compactMap(\.errorSent) == [revocation.error.condition])
            #expect(actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
            #expect(actions.compactMap(\.failure).isEmpty)
        }
    }

    @Test func `DB-08: a pair that waits for the peer when its target's proof ends is told so`() {
        var stream = Self.outbound([Self.rooms])
        _ = stream.handle(.associate(Self.further))
        _ = stream.handle(.revoke([Initiating.pair], Self.refuted))
        let actions = stream.handle(.elementReceived(.result(Self.further, type: "valid")))
        #expect(actions.compactMap(\.association).isEmpty)
        #expect(actions.compactMap(\.pairFailure) == [.overtaken])
        // With the last pair everybody who waits is told.
        _ = stream.handle(.associate(pair("c.example", "rooms.b.example")))
        #expect(stream.handle(.revoke([Self.rooms], Self.refuted)).compactMap(\.pairFailure) == [.overtaken])
    }

    // MARK: - Both directions

    @Test(arguments: [false, true])
    func `BI-04, PT-06: a pair goes with its reverse, whichever is named`(reversed: Bool) {
        var stream = Self.inbound(bidirectional: true)
        let gone = reversed ? Self.first.reversed : Self.first
        let actions = stream.handle(.revoke([gone], Self.refuted))
        #expect(Set(actions.compactMap(\.withdrawn).map(\.pair)) == [Self.first, Self.first.reversed])
        #expect(Set(stream.associations.map(\.pair)) == [Self.second, Self.second.reversed])
        #expect(stream.isEstablished)
        let refusal = stream.handle(.associate(Self.first.reversed)).compactMap(\.pairFailure)
        #expect(refusal.map(\.mayUseOwnStream) == [true])
        #expect(stream.prove(Self.first).compactMap(\.association).count == 2)
    }

    @Test func `BI-04, PT-06: a domain that is proved by another pair does not make the one that is gone good`() {
        var (stream, _) = Receiving.established.dialing(bidirectional: true)
        _ = stream.prove(Self.rooms)
        _ = stream.handle(.revoke([Self.first], Self.refuted))
        #expect(stream.handle(.associate(Self.first.reversed)).compactMap(\.dialback).isEmpty)
    }

    @Test func `BI-03, PT-06: what the target sends back stops with the pair`() {
        var stream = Self.outbound([Self.rooms], bidirectional: true)
        _ = stream.handle(.revoke([Initiating.pair], Self.refuted))
        let (good, bad) = (Self.stanza(Self.roomsBack), Self.stanza(Initiating.pair.reversed))
        let actions = stream.handle(.stanzasReceived([bad, good]))
        #expect(actions.compactMap(\.delivered) == [[good]])
        #expect(actions.compactMap(\.errorSent) == [.notAuthorized])
        #expect(stream.handle(.stanzasReceived([good, bad])).compactMap(\.delivered) == [[good]])
        // The last one, refuted: nothing more is taken even of what is on its way.
        var last = Self.outbound([], bidirectional: true)
        _ = last.handle(.revoke([Initiating.pair], Self.refuted))
        #expect(last.handle(.stanzasReceived([bad])).compactMap(\.delivered).isEmpty)
        var late = Self.outbound([], bidirectional: true)
        _ = late.handle(.revoke([Initiating.pair], Self.expired))
        #expect(late.handle(.stanzasReceived([bad])).compactMap(\.delivered) == [[bad]])
    }

    // MARK: - Many

    @Test func `PA-05, PT-06: in whatever order many pairs go, what is left is what was not taken off`() throws {
        var (stream, _) = Receiving.established.dialing()
        var open: Set<DomainPair> = [Self.first]
        for index in 0..<40 {
            // Every remote domain has one pair or two.
            let remote = try DomainName("x\(index / 2).example")
            let wanted = DomainPair(
                sender: remote, target: index.isMultiple(of: 2) ? domain("b.example") : domain("rooms.b.example"))
            _ = stream.prove(wanted)
            open.insert(wanted)
        }
        #expect(Set(stream.associations.map(\.pair)) == open)
        for (index, gone) in open.sorted(by: { $0.description < $1.description }).enumerated().reversed()
        where index % 3 != 0 {
            _ = stream.handle(.revoke([gone], Self.expired))
            open.remove(gone)
            #expect(Set(stream.associations.map(\.pair)) == open)
        }
        for pair in open {
            let stanza = Self.stanza(pair)
            #expect(stream.handle(.stanzasReceived([stanza])).compactMap(\.delivered) == [[stanza]])
        }
    }
}

extension StreamAction {
    /// The association that is over.
    fileprivate var withdrawn: Association? {
        if case .withdrawn(let association) = self { association } else { nil }
    }
}
