import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("The initiating side of a stream")
struct InitiatingStreamTests {
    // MARK: - Headers

    @Test func `XS-01: each stream opens with from, to and version, and without id`() {
        let headers = Initiating.established.led.actions.compactMap(\.header)
        let expected = StreamHeader(from: "a.example", to: "b.example", language: "en", declaresDialback: true)
        #expect(headers == [expected, expected, expected])
    }

    @Test(arguments: [nil, StreamVersion(major: 0, minor: 9)])
    func `XS-04, TP-07: a peer from before 1.0 is left`(version: StreamVersion?) {
        var stream = Initiating.awaitingHeader.stream
        let actions = stream.handle(.headerReceived(StreamHeader(version: version), freshID: ""))
        expectClosed(actions, .unsupportedVersion)
        #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
    }

    @Test func `CM-16: under TLS the peer's from has to be the domain that was dialled`() {
        var stream = Initiating.secured.stream
        let actions = stream.handle(.headerReceived(StreamHeader(from: "z.example"), freshID: ""))
        expectClosed(actions, .invalidFrom)
        stream = Initiating.awaitingHeader.stream
        #expect(stream.handle(.headerReceived(StreamHeader(from: "z.example"), freshID: "")) == [])
    }

    @Test(arguments: [nil, "", "B.Example."])
    func `CM-16: an absent from, and another spelling, are tolerated`(from: String?) {
        var stream = Initiating.secured.stream
        let header = StreamHeader(from: from, id: "")
        #expect(stream.handle(.headerReceived(header, freshID: "")) == [.prove(Initiating.pair, .target)])
    }

    @Test func `XS-06: a peer that answers in another namespace is left`() {
        var stream = Initiating.awaitingHeader.stream
        let header = StreamHeader(contentNamespace: Namespace.client)
        expectClosed(stream.handle(.headerReceived(header, freshID: "")), .invalidNamespace)
    }

    // MARK: - TLS

    @Test func `TL-07: STARTTLS is asked for though it is not offered`() {
        var stream = Initiating.awaitingFeatures.stream
        let features = Initiating.features([Initiating.mechanisms])
        let starttls = XMLElement(Namespace.startTLS, "starttls")
        #expect(stream.handle(.elementReceived(features)) == [.send(starttls)])
    }

    /// Believes that a server is authenticated although it is in clear.
    private struct CredulousFeature: StreamFeature {
        let namespaces: Set<String> = ["urn:credulous"]
        let stage = NegotiationStage.authentication

        func advertisement(on stream: StreamFacts) -> XMLElement? { nil }

        mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
            stream.hasAssociation ? [] : [.authenticated(.external), .waitForPeer]
        }
    }

    @Test(arguments: [true, false])
    func `DA-08, DA-09: whatever a feature makes of a stream in clear, one that has to have TLS is left`(
        isMandatory: Bool
    ) {
        var stream = InitiatingStream(
            pair: Initiating.pair, isEncrypted: false, isTLSMandatory: isMandatory, features: [CredulousFeature()])
        _ = stream.handle(.connected)
        var actions: [StreamAction] = []
        for _ in 0..<2 {
            actions = stream.handle(.headerReceived(Initiating.answer, freshID: ""))
            actions += stream.handle(.elementReceived(Initiating.features([])))
        }
        #expect(stream.summary.isTLSMandatory == isMandatory && !stream.isEstablished)
        #expect(
            actions.isFailure {
                guard case .unauthenticated(let reason) = $0 else { return false }
                return reason.contains("did not start TLS, which is demanded of it") == isMandatory
            })
    }

    @Test func `TL-07, TP-07: when TLS is refused nothing more is said in clear`() {
        var stream = Initiating.asking.stream
        let actions = stream.handle(.elementReceived(XMLElement(Namespace.startTLS, "failure")))
        #expect(actions.first == .sendClosingTag)
        #expect(actions.last == .disconnect)
        #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
    }

    @Test func `TL-03: between <proceed/> and the end of the handshake nothing counts`() {
        var stream = Initiating.securing.stream
        let forged: [StreamEvent] = [
            .headerReceived(Initiating.answer, freshID: ""),
            .elementReceived(Initiating.features([Initiating.mechanisms])),
            .proofConcluded(.proven(Initiating.pair, .target)), .stanzasReceived([Receiving.good]),
        ]
        for event in forged { #expect(stream.handle(event) == []) }
        #expect(stream.handle(.secured(presentedCertificate: true)).compactMap(\.header).count == 1)
    }

    @Test(arguments: [Initiating.securing, .directTLS])
    func `TL-06: a handshake that fails leaves no XML behind`(state: Initiating) {
        let ends: [StreamEvent] = [
            .closedByPeer, .failed(StreamError(.notWellFormed)), .deadlinePassed(.negotiation), .closeRequested(nil),
        ]
        for event in ends {
            var stream = state.stream
            let actions = stream.handle(event)
            #expect(actions.allSatisfy { !$0.writes })
            #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
        }
    }

    @Test func `TL-05: STARTTLS offered again under TLS is not asked for`() {
        var stream = Initiating.proven.stream
        let features = Initiating.features([Initiating.startTLS, Initiating.mechanisms])
        let sent = stream.handle(.elementReceived(features))
        #expect(!sent.contains(.send(XMLElement(Namespace.startTLS, "starttls"))))
    }

    // MARK: - Proof and authentication

    @Test func `CM-11: a target that is not proved is left, with the reasons`() {
        var stream = Initiating.proving.stream
        let refusal = ProofConclusion.refused(Initiating.pair, .target)
        let reason = "b.example could not be proved: scripted: nobody vouches for it"
        #expect(
            stream.handle(.proofConcluded(refusal)) == [
                .report(.proofRefused(refusal)), .sendClosingTag, .fail(.unauthenticated(reason: reason)), .disconnect,
            ])
    }

    @Test func `PT-06: a proof of another pair or side counts for nothing`() {
        var stream = Initiating.featuresFirst.stream
        #expect(stream.handle(.proofConcluded(.proven(pair("a.example", "c.example"), .target))) == [])
        #expect(stream.handle(.proofConcluded(.proven(Initiating.pair, .sender))) == [])
        #expect(stream.handle(.proofConcluded(.proven(Initiating.pair, .target))).contains { $0.writes })
    }

    @Test func `SE-04: EXTERNAL is tried with our domain and nothing else`() {
        let auth = XMLElement(
            Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"], text: "YS5leGFtcGxl")
        #expect(Initiating.authenticating.led.actions.last == .send(auth))
        var stream = Initiating.featuresFirst.stream
        #expect(stream.handle(.proofConcluded(.proven(Initiating.pair, .target))) == [.send(auth)])
    }

    @Test func `SE-10: success restarts the stream, which is established by the features that follow`() throws {
        let (stream, actions) = Initiating.established.led
        #expect(Initiating.restarted.led.actions.suffix(2).first == .restart)
        let association = try #require(stream.associations.first)
        #expect(association.pair == Initiating.pair)
        #expect(association.mechanism == .serverIdentity)
        #expect(association.direction == .outbound)
        #expect(
            actions.suffix(4) == [.disarm(.negotiation), .established(association), .arm(.idle), .arm(.keepalive)])
    }

    @Test func `SE-11: a peer that refuses EXTERNAL, and has nothing else, is left`() {
        var stream = Initiating.authenticating.stream
        let failure = XMLElement(Namespace.sasl, "failure", [XMLElement(Namespace.sasl, "frobnicate")])
        let reason = "b.example did not accept a.example: it refused EXTERNAL: not-authorized"
        #expect(
            stream.handle(.elementReceived(failure)) == [
                .report(.authenticationRefused(condition: "not-authorized", text: nil)), .sendClosingTag,
                .fail(.unauthenticated(reason: reason)), .disconnect,
            ])
    }

    @Test func `SE-11: a refusal for the time being is no refusal for ever`() {
        var stream = Initiating.authenticating.stream
        let condition = XMLElement(Namespace.sasl, "temporary-auth-failure")
        let actions = stream.handle(.elementReceived(XMLElement(Namespace.sasl, "failure", [condition])))
        #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
    }

    @Test func `SE-11: a peer that offers no mechanism is left`() {
        var stream = Initiating.proven.stream
        let empty = Initiating.features([XMLElement(Namespace.sasl, "mechanisms")])
        let actions = stream.handle(.elementReceived(empty))
        #expect(actions.first == .sendClosingTag)
        #expect(actions.isFailure { if case .unauthenticated = $0 { true } else { false } })
    }

    @Test(arguments: [Initiating.proven, .accepted])
    func `XS-21: a required feature that nobody knows ends the stream`(state: Initiating) {
        var stream = state.stream
        let example = XMLElement("urn:xmpp:example", "example", [XMLElement("urn:xmpp:example", "required")])
        let actions = stream.handle(.elementReceived(Initiating.features([example])))
        expectClosed(actions, .unsupportedFeature)
        #expect(actions.isFailure { if case .broken = $0 { true } else { false } })
        #expect(stream.associations.isEmpty)
    }

    @Test func `XS-21: an unknown feature that is not required does not disturb`() {
        var stream = Initiating.accepted.stream
        let example = XMLElement("urn:xmpp:example", "example")
        #expect(stream.handle(.elementReceived(Initiating.features([example]))).contains(.arm(.keepalive)))
    }

    @Test func `TL-03: what a negotiation did not ask for ends it`() {
        for element in [Initiating.success, Initiating.proceed, XMLElement(Namespace.dialback, "result")] {
            for state in [Initiating.awaitingFeatures, .featuresFirst, .proven, .accepted, .established] {
                var stream = state.stream
                expectClosed(stream.handle(.elementReceived(element)), .unsupportedStanzaType)
            }
        }
    }

    @Test func `OW-04: stanzas do not come back on a stream that we opened`() {
        for state in [Initiating.awaitingFeatures, .proven, .established] {
            var stream = state.stream
            let actions = stream.handle(.stanzasReceived([Receiving.good]))
            #expect(actions.compactMap(\.delivered).isEmpty)
            expectClosed(actions, .notAuthorized)
        }
    }

    // MARK: - Limits

    @Test func `LM-03: what the peer takes holds until it says otherwise`() {
        let limits = XMLElement(
            Namespace.streamLimits, "limits", [XMLElement(Namespace.streamLimits, "max-bytes", text: "10000")])
        var stream = Initiating.proven.stream
        let first = stream.handle(.elementReceived(Initiating.features([Initiating.mechanisms, limits])))
        #expect(!first.contains(.adoptPeerLimits(PeerLimits(maximumBytes: 10_000))))
        _ = stream.handle(.elementReceived(Initiating.success))
        _ = stream.handle(.headerReceived(Initiating.answer, freshID: ""))
        let second = stream.handle(.elementReceived(Initiating.features([limits])))
        #expect(second.first == .adoptPeerLimits(PeerLimits(maximumBytes: 10_000)))
    }
}
