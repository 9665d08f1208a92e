import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

/// Level `verified`: what knows no TLS is spoken to in clear, and proved by dialback (XEP-0238 §1, types 1 and 2).
@Suite("Streams in clear")
struct ClearStreamTests {
    private static let own = Initiating.pair
    private static let rules = DialbackSettings.test(.verified)
    private static let key = DialbackSecret.test.key(for: own, streamID: "id-1")

    /// What the peer is.
    enum Peer: CaseIterable {
        /// XMPP 1.0 without an offer of TLS.
        case current
        /// Before 1.0: no version, and no features.
        case legacy
    }

    private static func header(
        _ peer: Peer, id: String? = "id-1", declares: Bool = true
    ) -> StreamEvent {
        let version: StreamVersion? = peer == .current ? .current : nil
        return .headerReceived(
            StreamHeader(
                from: "b.example", to: "a.example", id: id, version: version, declaresDialback: declares), freshID: "")
    }

    /// A stream of ours to a server without TLS, up to where the peer waits.
    private static func dialed(
        _ peer: Peer, _ settings: DialbackSettings = rules, isMandatory: Bool = false, asks: Bool = false,
        purpose: InitiatingStream.Purpose = .stanzas, declares: Bool = true
    ) -> (stream: InitiatingStream, actions: [StreamAction]) {
        var policy = Initiating.policy
        policy.dialback = settings
        var limits = Receiving.limits
        limits.announcesDialback = true
        limits.isBidirectional = true
        var stream = InitiatingStream(
            pair: own, isEncrypted: false, isTLSMandatory: isMandatory, asksForTLS: asks,
            features: AllStreamFeatures.make(limits), purpose: purpose, policy: policy, address: "192.0.2.1:5269")
        var actions = stream.handle(.connected) + stream.handle(header(peer, declares: declares))
        if peer == .current {
            let features = Initiating.features([
                Initiating.mechanisms, Initiating.dialbackFeature, Initiating.bidiFeature,
            ])
            actions += stream.handle(.elementReceived(features))
        }
        return (stream, actions)
    }

    // MARK: - Initiating

    @Test(arguments: Peer.allCases)
    func `PT-05, DB-05: DNS alone speaks for the server, and a key for us`(peer: Peer) throws {
        var (stream, actions) = Self.dialed(peer)
        #expect(actions.filter { $0 == .prove(Self.own, .target) }.count == 1)
        // Nothing is said before that is judged, and nothing of SASL or of both directions at all.
        #expect(!actions.contains { if case .send = $0 { true } else { false } })
        actions = stream.handle(.proofConcluded(.refused(Self.own, .target)))
        #expect(actions.filter(\.writes) == [.send(.result(Self.own, key: Self.key))])
        #expect(actions.contains(.arm(.dialback)))
        actions = stream.handle(.elementReceived(.result(Self.own, type: "valid")))
        let association = try #require(actions.compactMap(\.association).first)
        #expect(actions.compactMap(\.association).count == 1)
        #expect(association.level == .verified)
        #expect(association.prooftype == .none)
        #expect(association.basis == .nobody)
        #expect(stream.isEstablished)
    }

    @Test(arguments: Peer.allCases)
    func `XS-23: nobody is sent elsewhere in clear, though the server there would do`(peer: Peer) {
        var (stream, _) = Self.dialed(peer)
        _ = stream.handle(.proofConcluded(.refused(Self.own, .target)))
        let error = XMLElement(
            Namespace.stream, "error", [XMLElement(Namespace.streamErrors, "see-other-host", text: "evil.example")])
        let failures = stream.handle(.elementReceived(error)).compactMap(\.failure)
        #expect(failures.count == 1)
        #expect(!failures.contains { if case .redirected = $0 { true } else { false } })
    }

    @Test(arguments: Peer.allCases, [FederationPolicy.Level.encrypted, .authenticated])
    func `TP-07, DB-21: above it nothing is sent in clear, whoever lets TLS be forgone`(
        peer: Peer, level: FederationPolicy.Level
    ) {
        for isMandatory in [true, false] {
            var (stream, actions) = Self.dialed(peer, .test(level), isMandatory: isMandatory)
            actions += stream.handle(.proofConcluded(.refused(Self.own, .target)))
            #expect(actions.compactMap(\.dialback).isEmpty)
            #expect(stream.associations.isEmpty)
            if !isMandatory || peer == .legacy {
                #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
            }
        }
    }

    @Test(arguments: Peer.allCases)
    func `DA-08, DA-09: a server that has to have TLS is asked for it, or left`(peer: Peer) {
        let (_, actions) = Self.dialed(peer, isMandatory: true)
        switch peer {
        case .current: #expect(actions.contains(.send(Receiving.startTLS)))
        case .legacy: expectClosed(actions, .unsupportedVersion)
        }
        #expect(!actions.contains(.prove(Self.own, .target)))
    }

    /// What somebody publishes whose records DNSSEC vouches for, usable or not.
    private static let published = Delegation(
        to: "xmpp.b.example", isSecure: true, detail: "signed", hasSecureAddresses: true,
        tlsa: TLSAAnswer(
            .records([TLSARecord(usage: 9, selector: 9, matching: 9, data: [1])]), base: "xmpp.b.example", port: 5269))

    @Test func `DA-08, DA-09: nor is one taken in clear whose TLSA records are found by the time of the proof`() {
        var (stream, _) = Self.dialed(.current)
        let claim = DomainClaim(
            pair: Self.own, side: .target, certificates: [], moment: 0, delegation: Self.published)
        let actions = stream.handle(.proofConcluded(.refused(claim, [])))
        #expect(actions.compactMap(\.dialback).isEmpty)
        #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
    }

    @Test func `PT-05: what a prooftype says of a server in clear proves nothing`() {
        for level in [FederationPolicy.Level.verified, .authenticated] {
            var (stream, _) = Self.dialed(.current, .test(level))
            let actions = stream.handle(.proofConcluded(.proven(Self.own, .target)))
            #expect(actions.compactMap(\.dialback).isEmpty)
            #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
        }
    }

    private static let refusals: [StreamEvent] = [
        .elementReceived(XMLElement(Namespace.startTLS, "failure")), .closedByPeer,
        .elementReceived(StreamError(.unsupportedStanzaType).element), .deadlinePassed(.negotiation),
    ]

    @Test(arguments: refusals)
    func `TL-07, PT-05: TLS is asked for although it is not offered, and in clear it goes on by another stream`(
        refusal: StreamEvent
    ) {
        var (stream, actions) = Self.dialed(.current, asks: true)
        #expect(actions.contains(.send(Receiving.startTLS)))
        actions = stream.handle(refusal)
        #expect(actions.isFailure { if case .encryptionRefused = $0 { true } else { false } })
        #expect(actions.compactMap(\.dialback).isEmpty)
        // Where TLS is demanded there is no such stream.
        var (strict, _) = Self.dialed(.current, isMandatory: true, asks: true)
        #expect(strict.handle(refusal).isFailure { if case .encryptionRefused = $0 { false } else { true } })
    }

    @Test(arguments: [true, false], refusals)
    func `TL-07: who offers TLS and will not start it is left`(asks: Bool, refusal: StreamEvent) {
        var (stream, _) = Initiating.idle.led
        var policy = Initiating.policy
        policy.dialback = Self.rules
        stream = InitiatingStream(
            pair: Self.own, isEncrypted: false, isTLSMandatory: false, asksForTLS: asks,
            features: AllStreamFeatures.make(Receiving.limits), policy: policy)
        _ = stream.handle(.connected)
        _ = stream.handle(Self.header(.current))
        let asked = stream.handle(.elementReceived(Initiating.features([Initiating.startTLS])))
        #expect(asked == [.send(Receiving.startTLS)])
        let actions = stream.handle(refusal)
        #expect(actions.isFailure { if case .encryptionRefused = $0 { false } else { true } })
        #expect(actions.compactMap(\.dialback).isEmpty)
    }

    @Test func `SE-11: in clear as well, a peer without dialback or without an identifier is left`() {
        var (stream, _) = Self.dialed(.legacy, declares: false)
        let actions = stream.handle(.proofConcluded(.refused(Self.own, .target)))
        #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
    }

    @Test func `PA-01, PS-02: further domains of ours are asserted in clear, and no further target is supposed`() {
        var (stream, _) = Self.dialed(.current)
        _ = stream.handle(.proofConcluded(.refused(Self.own, .target)))
        _ = stream.handle(.elementReceived(.result(Self.own, type: "valid")))
        #expect(stream.handle(.associate(pair("c.example", "b.example"))).compactMap(\.dialback).count == 1)
        let rooms = pair("a.example", "rooms.b.example")
        _ = stream.handle(.associate(rooms))
        let actions = stream.handle(.proofConcluded(.refused(rooms, .target)))
        #expect(actions.compactMap(\.pairFailure).map(\.mayUseOwnStream) == [true])
    }

    // MARK: - Questions

    @Test(arguments: Peer.allCases, FederationPolicy.Level.allCases)
    func `DB-12, DB-21, PA-06: a server in clear is asked about a key where the policy does without TLS`(
        peer: Peer, level: FederationPolicy.Level
    ) {
        var (stream, actions) = Self.dialed(peer, .test(level), purpose: .questions)
        actions += stream.handle(.proofConcluded(.refused(Self.own, .target)))
        #expect(actions.contains(.readyForQuestions))
        let question = DialbackQuestion.test()
        actions = stream.handle(.ask(question))
        guard level == .verified else {
            #expect(actions.compactMap(\.dialback).isEmpty)
            guard case .unproven? = actions.compactMap(\.answer).first else {
                Issue.record("\(actions)")
                return
            }
            return
        }
        #expect(actions.compactMap(\.dialback) == [.verify(question.pair, id: "ours")])
        let answer = stream.handle(.elementReceived(.verify(question.pair, id: "ours", type: "valid")))
        guard case .valid(let server)? = answer.compactMap(\.answer).first else {
            Issue.record("\(answer)")
            return
        }
        #expect(!server.isEncrypted)
    }

    // MARK: - Receiving

    private static func accepted(
        _ peer: Peer, _ level: FederationPolicy.Level, from: String? = "a.example"
    ) -> (stream: ReceivingStream, actions: [StreamAction]) {
        var (stream, _) = Receiving.fresh.dialing(.test(level))
        let version: StreamVersion? = peer == .current ? .current : nil
        let header = StreamHeader(from: from, to: "b.example", version: version, declaresDialback: true)
        let actions = stream.handle(.headerReceived(header, freshID: "id-1"))
        return (stream, actions)
    }

    @Test(arguments: FederationPolicy.Level.allCases)
    func `TL-01, DB-02: what may stay in clear is offered TLS and dialback, and everybody else TLS alone`(
        level: FederationPolicy.Level
    ) throws {
        let features = try #require(Self.accepted(.current, level).actions.compactMap(\.features).first)
        let offer = try #require(features.first(Namespace.startTLS, "starttls"))
        #expect((offer.first(Namespace.startTLS, "required") == nil) == (level == .verified))
        #expect((features.first(Namespace.dialbackFeature, "dialback") != nil) == (level == .verified))
        // Who does not say who it is may be anybody.
        let unknown = try #require(Self.accepted(.current, level, from: nil).actions.compactMap(\.features).first)
        #expect(unknown.first(Namespace.dialbackFeature, "dialback") == nil)
    }

    @Test(arguments: FederationPolicy.Level.allCases)
    func `XS-04, PT-05: a peer before 1.0 is answered in kind where it may stay in clear, and left elsewhere`(
        level: FederationPolicy.Level
    ) throws {
        var (stream, actions) = Self.accepted(.legacy, level)
        #expect(actions.compactMap(\.features).isEmpty)
        #expect(actions.compactMap(\.header).map(\.version) == [nil])
        guard level == .verified else { return expectClosed(actions, .policyViolation) }
        #expect(!actions.contains(.disconnect))
        actions = stream.prove(Receiving.pair)
        #expect(actions.first == .send(.result(Receiving.pair, type: "valid")))
        let association = try #require(actions.compactMap(\.association).first)
        #expect(association.level == .verified)
        #expect(stream.handle(.stanzasReceived([Receiving.good])).compactMap(\.delivered) == [[Receiving.good]])
        for from in [nil, "blocked.example"] {
            expectClosed(Self.accepted(.legacy, level, from: from).actions, .policyViolation)
        }
    }

    @Test func `PT-05: on a stream in clear no certificate proves a sender; its server is asked`() {
        var (stream, _) = Self.accepted(.current, .verified)
        _ = stream.handle(.elementReceived(.result(Receiving.pair)))
        let actions = stream.handle(.proofConcluded(.proven(Receiving.pair, .sender)))
        #expect(actions.compactMap(\.association).isEmpty)
        #expect(actions.compactMap(\.question).map(\.isEncrypted) == [false])
    }

    @Test func `DA-08, DA-09, DB-21: who publishes keys is not proved by a stream in clear`() throws {
        var (stream, _) = Self.accepted(.current, .verified)
        let question = try stream.request(Receiving.pair)
        let claim = DomainClaim(
            pair: Receiving.pair.reversed, side: .target, certificates: [], moment: 0, delegation: Self.published)
        let server = AuthoritativeServer(.refused(claim, []), isEncrypted: true, address: "192.0.2.1:5269")
        let actions = stream.handle(.questionAnswered(question, .valid(server)))
        #expect(actions.compactMap(\.dialback).map(\.dialbackCondition) == ["policy-violation"])
        #expect(actions.compactMap(\.association).isEmpty)
    }

    @Test func `TL-05: no TLS starts behind a pair that was proved in clear`() {
        var (stream, _) = Self.accepted(.current, .verified)
        #expect(stream.prove(Receiving.pair).compactMap(\.association).count == 1)
        let actions = stream.handle(.elementReceived(Receiving.startTLS))
        #expect(!actions.contains(.startTLS))
        #expect(actions.last == .disconnect)
    }

    @Test func `SE-02: nor is anybody authenticated by SASL in clear`() {
        var (stream, _) = Self.accepted(.current, .verified)
        let actions = stream.handle(.elementReceived(Receiving.auth))
        #expect(actions.compactMap(\.association).isEmpty && !actions.contains(.restart))
    }
}
