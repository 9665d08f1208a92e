import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("Dialback from the initiating side")
struct InitiatingDialbackTests {
    private static let key = DialbackSecret.test.key(for: Initiating.pair, streamID: "id-1")
    private static let further = pair("c.example", "b.example")
    private static let rooms = pair("a.example", "rooms.b.example")

    // MARK: - The first pair

    @Test(
        arguments: [
            ([Initiating.mechanisms, Initiating.dialbackFeature], false), ([Initiating.dialbackFeature], true),
            ([], true),
        ])
    func `OW-01, SE-11, DB-03, DB-05, DK-04: without EXTERNAL a key proves our domain, at every level`(
        announced: [XMLElement], presented: Bool
    ) {
        for level in FederationPolicy.Level.allCases {
            var (stream, actions) = Initiating.negotiating(announced, .test(level), presented: presented)
            #expect(actions.compactMap(\.dialback) == [.result(Initiating.pair, key: Self.key)])
            #expect(actions.contains(.arm(.dialback)))
            #expect(!stream.isEstablished)
            // However the peer found out, and without any question to us (DB-05).
            let answer = stream.handle(.elementReceived(.result(Initiating.pair, type: "valid")))
            #expect(answer.compactMap(\.association).map(\.mechanism) == [.serverIdentity])
            #expect(answer.contains(.disarm(.negotiation)) && answer.contains(.disarm(.dialback)))
            #expect(stream.isEstablished)
        }
    }

    @Test func `DK-04: the key is over the identifier behind TLS, and not the one before`() {
        var (stream, _) = Initiating.start(isDirect: false)
        func header(_ id: String) -> StreamEvent {
            .headerReceived(
                StreamHeader(from: "b.example", to: "a.example", id: id, declaresDialback: true), freshID: "")
        }
        var actions: [StreamAction] = []
        for event: StreamEvent in [
            .connected, header("clear"), .elementReceived(Initiating.features([Initiating.startTLS])),
            .elementReceived(Initiating.proceed), .secured(presentedCertificate: false), header("id-1"),
            .proofConcluded(.proven(Initiating.pair, .target)), .elementReceived(Initiating.features([])),
        ] { actions += stream.handle(event) }
        #expect(actions.compactMap(\.dialback) == [.result(Initiating.pair, key: Self.key)])
    }

    @Test func `SE-11: a refused EXTERNAL goes on with dialback on the same stream`() {
        var (stream, actions) = Initiating.negotiating(
            [Initiating.mechanisms, Initiating.dialbackFeature], presented: true)
        #expect(actions.compactMap(\.dialback).isEmpty)
        let failure = XMLElement(Namespace.sasl, "failure", [XMLElement(Namespace.sasl, "frobnicate")])
        actions = stream.handle(.elementReceived(failure))
        #expect(actions.compactMap(\.dialback) == [.result(Initiating.pair, key: Self.key)])
        #expect(
            stream.handle(.elementReceived(.result(Initiating.pair, type: "valid"))).compactMap(\.association).count
                == 1)
    }

    @Test func `SE-11: a peer that knows no dialback, or gives its stream no identifier, is left`() {
        for (declares, id) in [(false, "id-1"), (true, nil), (true, "")] as [(Bool, String?)] {
            let (_, actions) = Initiating.negotiating([], declares: declares, id: id)
            #expect(actions.compactMap(\.dialback).isEmpty)
            #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
            #expect(actions.suffix(1) == [.disconnect])
        }
    }

    @Test(arguments: [nil, StreamError.Condition.notAuthorized, .unsupportedStanzaType, .policyViolation])
    func `SE-11: who closes over our certificate may have us without it on a fresh stream`(
        condition: StreamError.Condition?
    ) {
        let refused = XMLElement(Namespace.sasl, "failure", [XMLElement(Namespace.sasl, "not-authorized")])
        for answer in [[], [refused]] {
            var (stream, _) = Initiating.negotiating(
                [Initiating.mechanisms, Initiating.dialbackFeature], presented: true)
            for element in answer { _ = stream.handle(.elementReceived(element)) }
            let end = condition.map { StreamEvent.elementReceived(StreamError($0).element) } ?? .closedByPeer
            let actions = stream.handle(end)
            #expect(actions.isFailure { if case .certificateRefused = $0 { true } else { false } })
        }
        // Whoever was shown none closes for another reason.
        var (stream, _) = Initiating.negotiating(presented: false)
        #expect(
            stream.handle(.closedByPeer).isFailure {
                if case .pairFailed(.streamEnded, _) = $0 { true } else { false }
            })
    }

    @Test func `DB-07: an invalid key of the first pair is a failure of its own kind`() {
        var (stream, _) = Initiating.negotiating()
        let actions = stream.handle(.elementReceived(.result(Initiating.pair, type: "invalid")))
        #expect(actions.isFailure { if case .pairFailed(.invalidKey, _) = $0 { true } else { false } })
        #expect(actions.last == .disconnect)
    }

    @Test(arguments: DialbackError.Condition.allCases)
    func `DB-08: an error for the first pair says what the peer said`(condition: DialbackError.Condition) {
        var (stream, _) = Initiating.negotiating()
        let actions = stream.handle(
            .elementReceived(.result(Initiating.pair, type: "error", error: condition.rawValue)))
        #expect(
            actions.isFailure {
                switch $0 {
                case .refused(let error): condition == .itemNotFound && error.condition == .hostUnknown
                case .pairFailed(.refused(let error, _), _): error.condition == condition
                default: false
                }
            })
    }

    @Test func `DB-23: an error without a child, or with an unknown one, is undefined`() {
        for error in [nil, "frobnicate"] {
            var (stream, _) = Initiating.negotiating()
            let actions = stream.handle(.elementReceived(.result(Initiating.pair, type: "error", error: error)))
            #expect(
                actions.isFailure {
                    if case .pairFailed(.refused(let error, _), _) = $0 {
                        error.condition == .undefinedCondition
                    } else {
                        false
                    }
                })
        }
    }

    @Test func `DB-06: a peer that never answers has failed, and what it says later means nothing`() {
        var (stream, _) = Initiating.negotiating()
        var actions: [StreamAction] = []
        for _ in 0..<StreamDeadline.dialbackParts { actions = stream.handle(.deadlinePassed(.dialback)) }
        #expect(actions.isFailure { if case .pairFailed(.timedOut, _) = $0 { true } else { false } })
        #expect(stream.handle(.elementReceived(.result(Initiating.pair, type: "valid"))) == [])
    }

    @Test func `PT-05: the level judges the peer: an unproved one is taken below authenticated, and called so`() {
        var (stream, _) = Initiating.negotiating(isProved: false)
        let actions = stream.handle(.elementReceived(.result(Initiating.pair, type: "valid")))
        #expect(actions.compactMap(\.association).map(\.prooftype) == [.none])
        #expect(actions.compactMap(\.association).map(\.level) == [.encrypted])
        let (_, strict) = Initiating.negotiating(
            [Initiating.dialbackFeature], .test(.authenticated), isProved: false)
        #expect(strict.isFailure { if case .unauthenticated = $0 { true } else { false } })
        #expect(strict.compactMap(\.dialback).isEmpty)
    }

    // MARK: - Assertion

    @Test
    func `PA-01, DB-03, DB-04: a further domain of ours is asserted once, and open with the answer`()
        throws
    {
        var (stream, _) = Initiating.established.dialing()
        let asked = stream.handle(.associate(Self.further))
        let key = DialbackSecret.test.key(for: Self.further, streamID: "id-1")
        #expect(asked.first == .send(.result(Self.further, key: key)))
        #expect(stream.handle(.associate(Self.further)) == [])
        #expect(asked.compactMap(\.association).isEmpty && stream.associations.map(\.pair) == [Initiating.pair])
        let actions = stream.handle(.elementReceived(.result(Self.further, type: "valid")))
        let association = try #require(actions.compactMap(\.association).first)
        #expect(association.pair == Self.further)
        #expect(association.mechanism == .assertion)
        #expect(association.prooftype == "scripted")
        #expect(stream.associations.map(\.pair) == [Initiating.pair, Self.further])
        #expect(stream.handle(.associate(Self.further)) == [.established(association)])
    }

    @Test func `PA-01, PS-04: on a stream whose first pair was proved by dialback it is no different`() {
        var (stream, _) = Initiating.negotiating()
        _ = stream.handle(.elementReceived(.result(Initiating.pair, type: "valid")))
        for (wanted, mechanism) in [(Self.further, Association.Mechanism.assertion), (Self.rooms, .supposition)] {
            var asked = stream.handle(.associate(wanted))
            asked += stream.handle(.proofConcluded(.proven(wanted, .target)))
            #expect(asked.compactMap(\.dialback).count == 1)
            let actions = stream.handle(.elementReceived(.result(wanted, type: "valid")))
            #expect(actions.compactMap(\.association).map(\.mechanism) == [mechanism])
        }
    }

    @Test(arguments: DialbackError.Condition.allCases)
    func `PA-05, DB-08, DB-22: a refused pair leaves the stream alone`(condition: DialbackError.Condition) {
        var (stream, _) = Initiating.established.dialing()
        _ = stream.handle(.associate(Self.further))
        let actions = stream.handle(.elementReceived(.result(Self.further, type: "error", error: condition.rawValue)))
        #expect(
            actions.compactMap(\.pairFailure) == [
                .refused(DialbackError(condition), mayUseOwnStream: condition == .resourceConstraint)
            ])
        #expect(stream.isEstablished)
        #expect(stream.associations.map(\.pair) == [Initiating.pair])
    }

    @Test func `DB-06: each pair has its own time`() {
        var (stream, _) = Initiating.established.dialing()
        _ = stream.handle(.associate(Self.further))
        _ = stream.handle(.deadlinePassed(.dialback))
        _ = stream.handle(.associate(pair("d.example", "b.example")))
        var failed: [[DomainPair]] = []
        for _ in 0..<StreamDeadline.dialbackParts {
            failed.append(
                stream.handle(.deadlinePassed(.dialback)).compactMap {
                    if case .pairFailed(let pair, .timedOut) = $0 { pair } else { nil }
                })
        }
        #expect(failed == [[], [], [Self.further], [pair("d.example", "b.example")]])
        #expect(stream.isEstablished)
        let late = stream.handle(.elementReceived(.result(Self.further, type: "valid")))
        #expect(late == [.report(.dialback(.unsolicited(Self.further, type: "valid")))])
    }

    @Test func `DB-07: an invalid key ends the stream, and every pair that waits is told`() {
        var (stream, _) = Initiating.established.dialing()
        _ = stream.handle(.associate(Self.further))
        _ = stream.handle(.associate(pair("d.example", "b.example")))
        let actions = stream.handle(.elementReceived(.result(Self.further, type: "invalid")))
        #expect(actions.compactMap(\.pairFailure) == [.invalidKey, .overtaken])
        #expect(actions.contains(.sendClosingTag))
        #expect(!stream.isEstablished)
    }

    @Test func `DB-08: the end of the stream is the end of what waits, and is told before it`() throws {
        let ends: [(StreamEvent, PairFailure)] = [
            (.closedByPeer, .streamEnded), (.closeRequested(nil), .overtaken),
            (.failed(StreamError(.notWellFormed)), .streamEnded), (.deadlinePassed(.idle), .overtaken),
            (.deadlinePassed(.answer), .overtaken),
        ]
        for (event, failure) in ends {
            var (stream, _) = Initiating.established.dialing()
            _ = stream.handle(.associate(Self.further))
            let actions = stream.handle(event)
            #expect(actions.compactMap(\.pairFailure) == [failure])
            let told = try #require(actions.firstIndex { $0.pairFailure != nil })
            #expect(try #require(actions.firstIndex(of: .sendClosingTag)) > told)
            #expect(stream.handle(.associate(Self.rooms)).compactMap(\.pairFailure).allSatisfy { $0 == .overtaken })
        }
        var (stream, _) = Initiating.established.dialing()
        _ = stream.handle(.associate(Self.further))
        #expect(stream.abandon().compactMap(\.pairFailure) == [.streamEnded])
        #expect(stream.handle(.elementReceived(.result(Self.further, type: "valid"))) == [])
    }

    @Test func `PA-01: of many pairs as many are asked for at once as may be, and the rest in their turn`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.requestsAtOnce = 2
        var (stream, _) = Initiating.established.dialing(settings)
        let wanted = [
            pair("c.example", "b.example"), pair("d.example", "b.example"), pair("e.example", "b.example"),
            pair("f.example", "b.example"),
        ]
        let asked = wanted.flatMap { stream.handle(.associate($0)) }.compactMap(\.dialback)
        #expect(asked.map { $0["from"] } == ["c.example", "d.example"])
        let next = stream.handle(.elementReceived(.result(wanted[1], type: "valid")))
        #expect(next.compactMap(\.dialback).map { $0["from"] } == ["e.example"])
        let last = stream.handle(.elementReceived(.result(wanted[0], type: "error", error: "forbidden")))
        #expect(last.compactMap(\.dialback).map { $0["from"] } == ["f.example"])
    }

    // MARK: - Before the first pair

    @Test(arguments: Initiating.allCases)
    func `PA-01, DB-03, DB-04: pairs that are wanted before the first is open join as soon as it is`(
        state: Initiating
    ) throws {
        let (history, later) = ([Self.further, Self.rooms], Initiating.established.events)
        guard state.events.count < later.count, later.starts(with: state.events), state != .directTLS else { return }
        var (stream, _) = state.dialing()
        for wanted in history + history + [Initiating.pair] { #expect(stream.handle(.associate(wanted)) == []) }
        var actions: [StreamAction] = []
        for event in later.dropFirst(state.events.count) {
            #expect(actions.compactMap(\.dialback).isEmpty)
            switch event {
            case .headerReceived(var header, let id):
                header.declaresDialback = true
                actions += stream.handle(.headerReceived(header, freshID: id))
            case .elementReceived(let element) where element == Initiating.features([]):
                actions += stream.handle(.elementReceived(Initiating.features([Initiating.dialbackFeature])))
            default: actions += stream.handle(event)
            }
        }
        #expect(actions.compactMap(\.association).map(\.pair) == [Initiating.pair])
        // What proves the first target serves the sender; the other target takes a proof of its own.
        #expect(actions.compactMap(\.dialback).map { $0["from"] } == ["c.example"])
        #expect(actions.contains(.prove(Self.rooms, .target)))
        let first = try #require(actions.firstIndex { $0.association != nil })
        #expect(actions[...first].compactMap(\.dialback).isEmpty)
        #expect(
            stream.handle(.elementReceived(.result(Self.further, type: "valid"))).compactMap(\.association).count == 1)
    }

    @Test(arguments: [
        StreamEvent.closedByPeer, .closeRequested(nil), .elementReceived(StreamError(.hostUnknown).element),
        .elementReceived(.result(Initiating.pair, type: "error", error: "forbidden")),
        .elementReceived(.result(Initiating.pair, type: "invalid")),
    ])
    func `DB-08, PA-05: when the first pair comes to nothing, each that waits for it is told, and it itself once`(
        end: StreamEvent
    ) {
        var (stream, _) = Initiating.negotiating()
        let other = stream
        for wanted in [Self.further, Self.rooms] { _ = stream.handle(.associate(wanted)) }
        let actions = stream.handle(end)
        #expect(actions.compactMap(\.pairFailure) == [.overtaken, .overtaken])
        #expect(!actions.contains { if case .pairFailed(Initiating.pair, _) = $0 { true } else { false } })
        #expect(actions.compactMap(\.failure).count == 1)
        #expect(actions.compactMap(\.pairFailure).map(\.mayUseOwnStream) == [true, true])
        var broken = other
        _ = broken.handle(.associate(Self.further))
        #expect(broken.abandon() == [.pairFailed(Self.further, .overtaken)])
    }

    @Test func `DO-06, PA-01: as many pairs wait as may, before the first is open and behind it`() {
        var settings = DialbackSettings.test(.encrypted)
        settings.pairsWaiting = 2
        for state in [Initiating.proving, .established] {
            var (stream, _) = state.dialing(settings)
            let wanted = [Self.further, pair("d.example", "b.example"), pair("e.example", "b.example")]
            let failures = wanted.map { stream.handle(.associate($0)).compactMap(\.pairFailure) }
            #expect(failures.map(\.count) == [0, 0, 1])
            #expect(failures[2].map(\.mayUseOwnStream) == [true])
        }
    }

    @Test func `DB-14: a stream for questions takes no pair, at no time`() {
        for (stream, _) in [
            Initiating.start(purpose: .questions), Initiating.negotiating(purpose: .questions),
        ] {
            var stream = stream
            #expect(stream.handle(.associate(Self.further)).compactMap(\.pairFailure).map(\.mayUseOwnStream) == [true])
        }
    }

    // MARK: - Supposition

    @Test func `PS-02, PS-03, PS-04: another target that the peer proves is supposed on the stream`() throws {
        var (stream, _) = Initiating.established.dialing()
        #expect(stream.handle(.associate(Self.rooms)).first == .prove(Self.rooms, .target))
        #expect(stream.handle(.associate(Self.rooms)) == [])
        let asked = stream.handle(.proofConcluded(.proven(Self.rooms, .target)))
        #expect(asked.compactMap(\.dialback).map { $0["to"] } == ["rooms.b.example"])
        let actions = stream.handle(.elementReceived(.result(Self.rooms, type: "valid")))
        let association = try #require(actions.compactMap(\.association).first)
        #expect(association.mechanism == .supposition)
        #expect(association.remoteDomain == domain("rooms.b.example"))
        // Another sender to the same target needs no further proof.
        let again = stream.handle(.associate(pair("c.example", "rooms.b.example")))
        #expect(again.compactMap(\.dialback).count == 1)
    }

    @Test func `PS-02: a target that the peer cannot be proved for needs a stream of its own, at every level`() {
        for level in FederationPolicy.Level.allCases {
            var (stream, _) = Initiating.established.dialing(.test(level))
            _ = stream.handle(.associate(Self.rooms))
            let actions = stream.handle(.proofConcluded(.refused(Self.rooms, .target)))
            guard case .needsOwnStream? = actions.compactMap(\.pairFailure).first else {
                Issue.record("supposed without a proof: \(actions)")
                return
            }
            #expect(actions.compactMap(\.dialback).isEmpty)
            #expect(stream.isEstablished)
        }
    }

    @Test(arguments: [[], [XMLElement(Namespace.dialbackFeature, "dialback")]])
    func `PS-03: a peer that does not announce errors is not asked, since it might close`(announced: [XMLElement]) {
        var (stream, _) = Initiating.established.dialing(announced: announced)
        let actions = stream.handle(.associate(Self.rooms))
        guard case .needsOwnStream? = actions.compactMap(\.pairFailure).first else {
            Issue.record("asked all the same: \(actions)")
            return
        }
        // A further domain of ours is no such risk.
        #expect(stream.handle(.associate(Self.further)).compactMap(\.dialback).count == 1)
    }

    @Test func `PS-05: whatever the peer says of a supposed target, a stream of its own is worth a try`() {
        for condition in DialbackError.Condition.allCases {
            var (stream, _) = Initiating.established.dialing()
            _ = stream.handle(.associate(Self.rooms))
            _ = stream.handle(.proofConcluded(.proven(Self.rooms, .target)))
            let element = XMLElement.result(Self.rooms, type: "error", error: condition.rawValue)
            let actions = stream.handle(.elementReceived(element))
            #expect(actions.compactMap(\.pairFailure).map(\.mayUseOwnStream) == [true])
            #expect(stream.isEstablished)
        }
    }

    @Test func `PA-01: without dialback a stream takes no further pair`() {
        var (stream, _) = Initiating.established.led
        guard case .needsOwnStream? = stream.handle(.associate(Self.further)).compactMap(\.pairFailure).first else {
            Issue.record("it does")
            return
        }
    }
}
