import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("The receiving side of a stream")
struct ReceivingStreamTests {
    // MARK: - Headers

    @Test(arguments: [nil, "de"])
    func `XS-02: the response header answers for the domain that was addressed`(language: String?) {
        var stream = Receiving.fresh.stream
        let header = StreamHeader(from: "a.example", to: "B.Example.", language: language)
        let actions = stream.handle(.headerReceived(header, freshID: "id-1"))
        #expect(
            actions.first
                == .sendHeader(
                    StreamHeader(
                        from: "b.example", to: "a.example", id: "id-1", version: .current, language: "en",
                        declaresDialback: true)))
    }

    @Test func `XS-03: each stream of a connection has its own identifier, and never the peer's`() {
        let headers = Receiving.established.led.actions.compactMap(\.header)
        #expect(headers.map(\.id) == ["id-1", "id-2", "id-3"])
    }

    @Test(arguments: ["1.0", "1.10", "2.0", "01.0"])
    func `XS-04: every version from 1.0 on is answered by 1.0 and features`(version: String) {
        var stream = Receiving.fresh.stream
        let header = StreamHeader(from: "a.example", to: "b.example", version: StreamVersion(version))
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(actions.first?.header?.version == .current)
        #expect(actions.compactMap(\.features).count == 1)
    }

    @Test(arguments: [nil, StreamVersion(major: 0, minor: 9)])
    func `XS-04: a peer from before 1.0 gets no features and is closed`(version: StreamVersion?) {
        var stream = Receiving.fresh.stream
        let header = StreamHeader(from: "a.example", to: "b.example", version: version)
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(actions.first?.header?.version == version)
        #expect(actions.compactMap(\.features).isEmpty)
        expectClosed(actions, .policyViolation)
        let key = XMLElement(Namespace.dialback, "result", text: "key")
        #expect(stream.handle(.elementReceived(key)) == [])
    }

    @Test func `XS-05: features follow each response header once, and nothing comes later`() {
        var (stream, actions) = Receiving.established.led
        let sent = actions.filter { $0.header != nil || $0.features != nil }
        #expect(sent.map { $0.header != nil } == [true, false, true, false, true, false])
        actions = [.stanzasReceived([Receiving.good]), .deadlinePassed(.keepalive)].flatMap { stream.handle($0) }
        #expect(actions.compactMap(\.features).isEmpty)
    }

    @Test(arguments: [
        StreamHeader(from: "a.example", to: "b.example", streamNamespace: "http://wrong.example/"),
        StreamHeader(from: "a.example", to: "b.example", contentNamespace: Namespace.client),
        StreamHeader(from: "a.example", to: "b.example", contentNamespace: nil),
        StreamHeader(from: "a.example", to: "b.example", contentNamespace: Namespace.stream),
    ])
    func `XS-06, XS-07: a wrong namespace is answered by a whole stream that ends`(header: StreamHeader) {
        var stream = Receiving.fresh.stream
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(actions.first?.header?.id == "id")
        expectClosed(actions, .invalidNamespace)
    }

    @Test(arguments: [
        StreamHeader(
            from: "a.example", to: "b.example", streamPrefix: "", contentNamespace: nil),
        StreamHeader(from: "a.example", to: "b.example", streamPrefix: "foo"),
    ])
    func `XS-08: both styles of header are accepted`(header: StreamHeader) {
        var stream = Receiving.fresh.stream
        #expect(stream.handle(.headerReceived(header, freshID: "id")).compactMap(\.features).count == 1)
    }

    @Test func `XS-06: a root element of another name is no stream`() {
        var stream = Receiving.fresh.stream
        let header = StreamHeader(from: "a.example", to: "b.example", name: "features")
        expectClosed(stream.handle(.headerReceived(header, freshID: "id")), .badFormat)
    }

    @Test(
        arguments: [
            ("nosuch.example", .hostUnknown), (nil, .hostUnknown), ("", .hostUnknown), ("@", .hostUnknown),
            ("old.example", .hostGone), ("OLD.example.", .hostGone),
        ] as [(String?, StreamError.Condition)])
    func `XS-10: who addresses a domain that is not here is told so`(to: String?, condition: StreamError.Condition) {
        var stream = Receiving.fresh.stream
        let actions = stream.handle(.headerReceived(StreamHeader(from: "a.example", to: to), freshID: "id"))
        #expect(actions.first?.header?.from == "")
        expectClosed(actions, condition)
    }

    @Test func `XS-10: a from that is no domain is improper`() {
        var stream = Receiving.secured.stream
        let header = StreamHeader(from: "user@a.example", to: "b.example")
        expectClosed(stream.handle(.headerReceived(header, freshID: "id")), .improperAddressing)
    }

    // MARK: - TLS

    @Test func `TL-01: in clear STARTTLS is offered, is required, and is alone`() throws {
        let features = try #require(Receiving.inClear.led.actions.compactMap(\.features).first)
        let required = XMLElement(Namespace.startTLS, "required")
        #expect(features.elements == [XMLElement(Namespace.startTLS, "starttls", [required])])
    }

    @Test func `TL-02: without a certificate STARTTLS is neither offered nor granted`() {
        var stream = Receiving.fresh.stream
        let header = StreamHeader(from: "a.example", to: "rooms.b.example")
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(actions.compactMap(\.features).first?.children.isEmpty == true)
        let refusal: [StreamAction] = [
            .send(XMLElement(Namespace.startTLS, "failure")), .sendClosingTag, .disconnect,
        ]
        #expect(stream.handle(.elementReceived(Receiving.startTLS)) == refusal)
    }

    @Test func `TL-03: between <proceed/> and the end of the handshake nothing counts`() {
        var stream = Receiving.securing.stream
        let injected: [StreamEvent] = [
            .headerReceived(Receiving.header, freshID: "id"), .elementReceived(Receiving.auth),
            .stanzasReceived([Receiving.good]), .proofConcluded(.proven(Receiving.pair, .sender)),
        ]
        for event in injected { #expect(stream.handle(event) == []) }
        #expect(stream.handle(.secured(presentedCertificate: true)) == [])
        #expect(stream.summary == StreamFacts(role: .receiving, isEncrypted: true, presentedCertificate: true))
    }

    @Test func `TL-05: addresses and features of the unprotected stream are forgotten`() throws {
        var stream = Receiving.secured.stream
        let header = StreamHeader(from: "c.example", to: "rooms.b.example")
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(actions.last == .prove(pair("c.example", "rooms.b.example"), .sender))
        let features = stream.handle(.proofConcluded(.refused(pair("c.example", "rooms.b.example"), .sender)))
        let announced = try #require(features.compactMap(\.features).first)
        #expect(!announced.elements.contains { $0.namespace == Namespace.startTLS })
    }

    @Test(arguments: [Receiving.securing, .directTLS])
    func `TL-06: a handshake that fails leaves no XML behind`(state: Receiving) {
        let ends: [StreamEvent] = [
            .closedByPeer, .failed(StreamError(.notWellFormed)), .deadlinePassed(.negotiation), .closeRequested(nil),
            .closeRequested(StreamError(.systemShutdown)),
        ]
        for event in ends {
            var stream = state.stream
            #expect(stream.handle(event) == [.disconnect])
        }
    }

    @Test func `TP-07: in clear neither key nor stanza is taken`() {
        var stream = Receiving.inClear.stream
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
        stream = Receiving.inClear.stream
        let key = XMLElement(Namespace.dialback, "result", text: "key")
        expectClosed(stream.handle(.elementReceived(key)), .unsupportedStanzaType)
    }

    // MARK: - Proof

    @Test func `RT-14, PT-05: a blocked domain is refused before anything is looked up`() {
        var stream = Receiving.secured.stream
        let header = StreamHeader(from: "blocked.example", to: "b.example")
        let actions = stream.handle(.headerReceived(header, freshID: "id"))
        #expect(!actions.contains { if case .prove = $0 { true } else { false } })
        expectClosed(actions, .policyViolation)
    }

    @Test func `PT-04: the domain to prove is the protected header's from`() {
        #expect(Receiving.awaitingProof.led.actions.last == .prove(Receiving.pair, .sender))
    }

    @Test func `CM-01: a peer that claims one of our own domains is refused`() {
        var stream = Receiving.secured.stream
        let header = StreamHeader(from: "rooms.b.example", to: "b.example")
        expectClosed(stream.handle(.headerReceived(header, freshID: "id")), .invalidFrom)
    }

    @Test func `SE-02: features wait for the proof, and only for that of this pair`() {
        var stream = Receiving.awaitingProof.stream
        #expect(stream.handle(.proofConcluded(.proven(pair("c.example", "b.example"), .sender))) == [])
        #expect(stream.handle(.proofConcluded(.proven(Receiving.pair, .target))) == [])
        let actions = stream.handle(.proofConcluded(.proven(Receiving.pair, .sender)))
        #expect(actions.first?.features?.first(Namespace.sasl, "mechanisms") != nil)
    }

    @Test func `SE-12: without a from there is nobody to prove, and no EXTERNAL`() throws {
        var stream = Receiving.secured.stream
        let actions = stream.handle(.headerReceived(StreamHeader(to: "b.example"), freshID: "id"))
        #expect(actions.first?.header?.to == "")
        let features = try #require(actions.last?.features)
        #expect(features.first(Namespace.sasl, "mechanisms") == nil)
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
    }

    @Test func `OW-01: a refused proof is reported, and the stream stays open without EXTERNAL`() throws {
        let (stream, actions) = Receiving.unproven.led
        #expect(actions.contains(.report(.proofRefused(.refused(Receiving.pair, .sender)))))
        let features = try #require(actions.last?.features)
        #expect(features.first(Namespace.sasl, "mechanisms") == nil)
        #expect(!stream.isEstablished && stream.associations.isEmpty)
    }

    // MARK: - Authentication

    @Test func `SE-10: success restarts the stream, and a stanza before the new header is refused`() throws {
        let (stream, actions) = Receiving.restarted.led
        #expect(actions.suffix(2) == [.send(XMLElement(Namespace.sasl, "success")), .restart])
        #expect(stream.associations.isEmpty)
        var impatient = stream
        expectClosed(impatient.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
        let features = try #require(Receiving.established.led.actions.compactMap(\.features).last)
        #expect(features.first(Namespace.sasl, "mechanisms") == nil)
    }

    @Test func `XS-19: a header that names another pair is not what was authenticated`() {
        let headers = [
            (StreamHeader(from: "c.example", to: "b.example"), StreamError.Condition.invalidFrom),
            (StreamHeader(from: "a.example", to: "rooms.b.example"), .improperAddressing),
        ]
        for (header, condition) in headers {
            var stream = Receiving.restarted.stream
            expectClosed(stream.handle(.headerReceived(header, freshID: "id")), condition)
            #expect(stream.associations.isEmpty)
        }
    }

    @Test func `TP-09: the association says by what the domain was proved`() throws {
        let association = try #require(Receiving.established.stream.associations.first)
        #expect(association.pair == Receiving.pair)
        #expect(association.mechanism == .external)
        #expect(association.prooftype == "scripted")
        #expect(association.direction == .inbound)
        #expect(association.remoteDomain == domain("a.example"))
        #expect(association.localDomain == domain("b.example"))
    }

    // MARK: - Stanzas and elements

    @Test(arguments: [Receiving.inClear, .awaitingProof, .proven, .unproven, .restarted])
    func `XS-18: a stanza before authentication closes the stream`(state: Receiving) {
        var stream = state.stream
        expectClosed(stream.handle(.stanzasReceived([Receiving.good])), .notAuthorized)
    }

    @Test(arguments: [
        XMLElement("http://example.org/ns", "message"), XMLElement(Namespace.server, "pubsub"),
        XMLElement(Namespace.stream, "features"), XMLElement(Namespace.streamLimits, "limits"), Receiving.auth,
    ])
    func `XS-20: what is neither stanza nor negotiation closes the stream`(element: XMLElement) {
        var stream = Receiving.established.stream
        expectClosed(stream.handle(.elementReceived(element)), .unsupportedStanzaType)
    }

    @Test(
        arguments: [
            (nil, "u@b.example", .improperAddressing), ("x@a.example", nil, .improperAddressing),
            ("x@a.example", "", .improperAddressing), ("x@a.example", "@b.example", .improperAddressing),
            ("x@a.example", "u@" + String(repeating: "b", count: 1024), .improperAddressing),
            ("x@c.example", "u@b.example", .invalidFrom), ("x@sub.a.example", "u@b.example", .invalidFrom),
            ("x@b.example", "u@b.example", .invalidFrom), ("x@a.example", "u@third.example", .hostUnknown),
            ("x@a.example", "u@old.example", .hostGone), ("x@a.example", "u@rooms.b.example", .hostUnknown),
        ] as [(String?, String?, StreamError.Condition)])
    func `RT-01, RT-02, RT-03: a stanza outside the proven pair closes the stream`(
        from: String?, to: String?, condition: StreamError.Condition
    ) {
        var stream = Receiving.established.stream
        let bad = Receiving.stanza(from: from, to: to)
        let actions = stream.handle(.stanzasReceived([Receiving.good, bad, Receiving.good]))
        #expect(actions.compactMap(\.delivered) == [[Receiving.good]])
        expectClosed(actions, condition)
        #expect(stream.handle(.stanzasReceived([Receiving.good])) == [])
    }

    @Test func `CM-13: letter case and a final dot do not make another domain`() {
        var stream = Receiving.established.stream
        let stanzas = [Receiving.stanza(from: "x@A.Example.", to: "u@B.EXAMPLE")]
        #expect(stream.handle(.stanzasReceived(stanzas)).compactMap(\.delivered) == [stanzas])
    }
}
