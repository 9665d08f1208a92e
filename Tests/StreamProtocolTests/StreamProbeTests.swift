import DomainAssociation
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("A stream that is opened to look at a server")
struct StreamProbeTests {
    /// A probe and all that it has asked for.
    private struct Probing {
        var probe: StreamProbe
        var actions: [StreamProbe.Action] = []

        init(_ service: ClaimedService, from sender: DomainName? = nil, directTLS: Bool = false) {
            probe = StreamProbe(of: domain("b.example"), as: service, from: sender, directTLS: directTLS)
        }

        mutating func take(_ events: StreamProbe.Event...) {
            for event in events { actions += probe.handle(event) }
        }

        var headers: [StreamHeader] {
            actions.compactMap { action in
                guard case .sendHeader(let header) = action else { return nil }
                return header
            }
        }
    }

    private static func header(_ service: ClaimedService, from: String? = "b.example") -> StreamProbe.Event {
        .headerReceived(
            StreamHeader(
                from: from, id: "x", contentNamespace: service == .client ? Namespace.client : Namespace.server))
    }

    private static func features(_ features: XMLElement...) -> StreamProbe.Event {
        .elementReceived(XMLElement(Namespace.stream, "features", features))
    }

    private static let startTLS = XMLElement(Namespace.startTLS, "starttls")
    private static let proceed = StreamProbe.Event.elementReceived(XMLElement(Namespace.startTLS, "proceed"))

    /// A probe that has come as far as the features under TLS.
    private static func secured(_ service: ClaimedService) -> Probing {
        var probing = Probing(service)
        probing.take(.connected, header(service), features(startTLS), proceed, .secured, header(service))
        return probing
    }

    @Test(arguments: ClaimedService.allCases)
    func `CC-02: it opens with to only, starts TLS, opens again, and closes without a word more`(
        service: ClaimedService
    ) {
        var probing = Self.secured(service)
        probing.take(Self.features(), .closedByPeer)
        let header = StreamHeader(
            to: "b.example", language: "en",
            contentNamespace: service == .client ? Namespace.client : Namespace.server,
            declaresDialback: service == .server)
        #expect(
            probing.actions == [
                .arm(.negotiation), .sendHeader(header), .send(Self.startTLS), .startTLS, .sendHeader(header),
                .sendClosingTag, .arm(.closing), .finish,
            ])
        #expect(probing.probe.findings.isComplete)
    }

    @Test func `CC-02: only a server is told who asks, and only when somebody does`() {
        for (service, from) in [(ClaimedService.server, "a.example" as String?), (.client, nil)] {
            var probing = Probing(service, from: domain("a.example"))
            probing.take(.connected)
            #expect(probing.headers.map(\.from) == [from])
        }
    }

    @Test func `CC-02: direct TLS comes before the stream, and no STARTTLS after it`() {
        var probing = Probing(.client, directTLS: true)
        probing.take(.connected)
        #expect(probing.actions == [.arm(.negotiation)])
        probing.take(.secured, Self.header(.client), Self.features(Self.startTLS))
        #expect(!probing.actions.contains(.send(Self.startTLS)))
        #expect(probing.probe.findings.isComplete && probing.probe.findings.clear == nil)
    }

    @Test(arguments: ["z.example", "not a domain"])
    func `CC-02: under TLS the response has to come from the domain; before, it means nothing`(from: String) {
        var probing = Probing(.client)
        probing.take(.connected, Self.header(.client, from: from), Self.features(Self.startTLS), Self.proceed, .secured)
        #expect(probing.probe.findings.fault == nil)
        probing.take(Self.header(.client, from: from))
        #expect(probing.probe.findings.fault?.stage == .header)
        #expect(probing.actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
    }

    // MARK: - EXTERNAL

    private static let external = XMLElement(
        Namespace.sasl, "mechanisms", [XMLElement(Namespace.sasl, "mechanism", text: "EXTERNAL")])
    private static let success = StreamProbe.Event.elementReceived(XMLElement(Namespace.sasl, "success"))

    /// A probe on behalf of a domain whose certificate was presented, up to the features under TLS.
    private static func presented(_ mechanisms: XMLElement..., from sender: DomainName? = domain("a.example"))
        -> Probing
    {
        var probing = Probing(.server, from: sender)
        probing.take(.connected, header(.server), features(startTLS), proceed)
        probing.probe.authorizationIdentity = "YS5leGFtcGxl"
        probing.take(.secured, header(.server), .elementReceived(XMLElement(Namespace.stream, "features", mechanisms)))
        return probing
    }

    private static let auth = StreamProbe.Action.send(
        XMLElement(Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"], text: "YS5leGFtcGxl"))

    @Test func `SE-04: where our certificate was presented EXTERNAL is tried, and nothing follows`() {
        var probing = Self.presented(Self.external)
        #expect(probing.actions.last == Self.auth)
        probing.take(Self.success)
        #expect(probing.headers.count == 3 && probing.headers.last == probing.headers.first)
        #expect(probing.actions.dropLast().last == .restart && probing.actions.count { $0 == .restart } == 1)
        probing.take(Self.header(.server), Self.features(), .closedByPeer)
        #expect(probing.actions.suffix(3) == [.sendClosingTag, .arm(.closing), .finish])
        let findings = probing.probe.findings
        #expect(findings.external == .accepted && findings.isComplete)
        #expect(findings.protected?.mechanisms == ["EXTERNAL"])
    }

    @Test func `SE-04: it is not tried where it is not offered, or nobody of ours asks`() {
        let none = Self.presented()
        #expect(!none.actions.contains(Self.auth) && none.probe.findings.external == nil)
        let nobody = Self.presented(Self.external, from: nil)
        #expect(!nobody.actions.contains(Self.auth) && nobody.probe.findings.isComplete)
    }

    @Test func `a refusal of EXTERNAL is kept with its reason, and says nothing against the server`() {
        var probing = Self.presented(Self.external)
        let text = XMLElement(Namespace.sasl, "text", text: String(repeating: "x", count: 1000))
        probing.take(
            .elementReceived(
                XMLElement(Namespace.sasl, "failure", [XMLElement(Namespace.sasl, "not-authorized"), text])))
        #expect(probing.actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
        let words = String(repeating: "x", count: 200)
        #expect(probing.probe.findings.external == .refused(condition: "not-authorized", text: words))
        #expect(probing.probe.findings.isComplete)
    }

    /// What a server does in place of an answer to `<auth/>`.
    private static let silences: [StreamProbe.Event] = [
        .stanzasReceived, .closedByPeer, .failed(StreamError(.notWellFormed)), .broken(reason: "reset"),
        .deadlinePassed(.negotiation), .elementReceived(XMLElement("urn:junk", "junk")),
        .elementReceived(XMLElement(Namespace.sasl, "challenge")), header(.server),
        .elementReceived(
            XMLElement(Namespace.stream, "error", [XMLElement(Namespace.streamErrors, "policy-violation")])),
    ]

    @Test(arguments: silences)
    private func `whatever comes in place of an answer to EXTERNAL says nothing against what was seen`(
        event: StreamProbe.Event
    ) {
        for isAccepted in [false, true] {
            var probing = Self.presented(Self.external)
            if isAccepted { probing.take(Self.success) }
            probing.take(event, .deadlinePassed(.negotiation), .deadlinePassed(.closing))
            #expect(probing.actions.count { $0 == .finish } == 1)
            #expect(probing.actions.count { $0 == Self.auth } == 1)
            #expect(probing.probe.findings.isComplete)
            switch probing.probe.findings.external {
            case .accepted?: #expect(isAccepted)
            case .failed?: #expect(!isAccepted)
            case let other: Issue.record("\(String(describing: other))")
            }
        }
    }

    @Test func `what is offered is read`() {
        let limits = XMLElement(
            Namespace.streamLimits, "limits",
            [
                XMLElement(Namespace.streamLimits, "max-bytes", text: "4096"),
                XMLElement(Namespace.streamLimits, "idle-seconds", text: "soon"),
            ])
        let mechanisms = XMLElement(
            Namespace.sasl, "mechanisms", [XMLElement(Namespace.sasl, "mechanism", text: "EXTERNAL")])
        let dialback = XMLElement(
            Namespace.dialbackFeature, "dialback", [XMLElement(Namespace.dialbackFeature, "errors")])
        let bidirectional = XMLElement(Namespace.bidirectionalFeature, "bidi")
        let required = XMLElement(Namespace.startTLS, "starttls", [XMLElement(Namespace.startTLS, "required")])
        var probing = Probing(.server)
        probing.take(.connected, Self.header(.server), Self.features(required), Self.proceed, .secured)
        probing.take(
            Self.header(.server), Self.features(mechanisms, dialback, bidirectional, limits, XMLElement("urn:x", "x")))
        #expect(probing.probe.findings.clear?.startTLS == .required)
        let greeting = probing.probe.findings.protected
        #expect(greeting?.mechanisms == ["EXTERNAL"] && greeting?.offersBidirectional == true)
        #expect(greeting?.offersDialback == true && greeting?.reportsDialbackErrors == true)
        #expect(greeting?.limits?.maximumBytes == 4096 && greeting?.limits?.idleSeconds == nil)
        #expect(greeting?.otherFeatures == ["urn:x"])
    }

    @Test func `a server cannot make it remember without end`() {
        var probing = Self.secured(.client)
        let mechanism = XMLElement(Namespace.sasl, "mechanism", text: "X")
        let many = XMLElement(Namespace.sasl, "mechanisms", Array(repeating: mechanism, count: 1000))
        let others = (0..<1000).map { XMLElement("urn:\($0)", "x") }
        probing.take(.elementReceived(XMLElement(Namespace.stream, "features", [many] + others)))
        #expect(probing.probe.findings.protected?.mechanisms.count == StreamGreeting.mostMechanisms)
        #expect(probing.probe.findings.protected?.otherFeatures.count == StreamGreeting.mostOthers)
    }

    @Test func `TL-07: STARTTLS is asked for although it is not offered, and a refusal is told`() {
        var probing = Probing(.server)
        probing.take(.connected, Self.header(.server), Self.features())
        #expect(probing.actions.last == .send(Self.startTLS))
        probing.take(.elementReceived(XMLElement(Namespace.startTLS, "failure")))
        #expect(probing.probe.findings.encryption == .refused && probing.probe.findings.fault == nil)
        #expect(probing.actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
    }

    @Test func `a stream error is kept with the place that it names`() {
        var probing = Self.secured(.client)
        let place = XMLElement(Namespace.streamErrors, "see-other-host", text: "c.example:5223")
        probing.take(.elementReceived(XMLElement(Namespace.stream, "error", [place])))
        #expect(probing.probe.findings.error?.condition == .seeOtherHost)
        #expect(probing.probe.findings.error?.otherHost == "c.example:5223")
        #expect(!probing.probe.findings.isComplete)
    }

    /// What a server does in place of what is due.
    private static let misdeeds: [StreamProbe.Event] = [
        .stanzasReceived, .closedByPeer, .failed(StreamError(.notWellFormed)), .broken(reason: "reset"),
        .deadlinePassed(.negotiation), .elementReceived(XMLElement("urn:junk", "junk")), .connected, .secured,
        .headerReceived(StreamHeader(contentNamespace: "urn:junk")), .headerReceived(StreamHeader(version: nil)),
        .elementReceived(XMLElement(Namespace.startTLS, "proceed")), .deadlinePassed(.closing),
    ]

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6], misdeeds)
    private func `CC-02: whatever a server does, at any time, the probe comes to its end and sends no credentials`(
        progress: Int, misdeed: StreamProbe.Event
    ) {
        let course: [StreamProbe.Event] = [
            .connected, Self.header(.client), Self.features(Self.startTLS), Self.proceed, .secured,
            Self.header(.client), Self.features(),
        ]
        var probing = Probing(.client)
        for event in course[..<progress] { probing.take(event) }
        probing.take(misdeed, .deadlinePassed(.negotiation), .deadlinePassed(.closing))
        #expect(probing.actions.count { $0 == .finish } == 1)
        for case .send(let element) in probing.actions {
            #expect([Namespace.startTLS, Namespace.stream].contains(element.namespace))
        }
        // Nothing of XML is written once TLS has been begun and is not up (TL-06).
        if progress == 4, misdeed != .secured {
            #expect(probing.actions.last == .finish && probing.actions.dropLast().last == .startTLS)
        }
        let end = probing.actions.count
        probing.take(.connected, .secured, .closedByPeer, .broken(reason: ""))
        #expect(probing.actions.count == end)
    }
}
