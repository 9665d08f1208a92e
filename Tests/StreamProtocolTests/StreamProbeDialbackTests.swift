import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

@Suite("A stream that is opened to try dialback")
struct StreamProbeDialbackTests {
    private static let keys = DialbackSecret("s3cr3t")
    private static let pair = DomainPair(sender: domain("a.example"), target: domain("b.example"))
    private static let startTLS = XMLElement(Namespace.startTLS, "starttls")
    private static let dialback = XMLElement(Namespace.dialbackFeature, "dialback")
    private static let proceed = StreamProbe.Event.elementReceived(XMLElement(Namespace.startTLS, "proceed"))

    private static func request(streamID: String) -> StreamProbe.Action {
        .send(
            XMLElement(
                Namespace.dialback, "result", attributes: ["from": "a.example", "to": "b.example"],
                text: keys.key(for: pair, streamID: streamID)))
    }

    private static func header(
        id: String? = "clear", version: StreamVersion? = .current, declares: Bool = false
    ) -> StreamProbe.Event {
        .headerReceived(
            StreamHeader(
                from: "b.example", id: id, version: version, contentNamespace: Namespace.server,
                declaresDialback: declares))
    }

    private static func features(_ features: XMLElement...) -> StreamProbe.Event {
        .elementReceived(XMLElement(Namespace.stream, "features", features))
    }

    private static func answer(
        _ type: String?, from: String? = "b.example", to: String = "a.example", name: String = "result",
        _ children: XMLElement...
    ) -> StreamProbe.Event {
        var element = XMLElement(Namespace.dialback, name, attributes: ["to": to, "id": "x"], children)
        element["from"] = from
        element["type"] = type
        return .elementReceived(element)
    }

    private static func error(_ condition: String) -> XMLElement {
        XMLElement(Namespace.server, "error", [XMLElement(Namespace.stanzaErrors, condition)])
    }

    private static func run(
        _ events: [StreamProbe.Event], allowsClear: Bool = false, from sender: DomainName? = domain("a.example"),
        objection: String? = nil
    ) -> (findings: StreamFindings, actions: [StreamProbe.Action], keys: [String]) {
        var probe = StreamProbe(
            of: domain("b.example"), as: .server, from: sender, directTLS: false,
            trying: DialbackTrial(keys: keys, allowsClear: allowsClear))
        probe.objection = objection
        let actions = events.flatMap { probe.handle($0) }
        let sent = actions.compactMap { action -> String? in
            guard case .send(let element) = action, element.namespace == Namespace.dialback else { return nil }
            return element.text
        }
        return (probe.findings, actions, sent)
    }

    /// As far as the features under TLS.
    private static func protected(
        id: String? = "protected", declares: Bool = false, _ offered: XMLElement...
    ) -> [StreamProbe.Event] {
        [
            .connected, header(), features(startTLS), proceed, .secured, header(id: id, declares: declares),
            .elementReceived(XMLElement(Namespace.stream, "features", offered)),
        ]
    }

    @Test(arguments: [false, true])
    func `DK-04: one request is sent under TLS, with the key of that very stream`(isFeature: Bool) {
        let events =
            isFeature ? Self.protected(Self.dialback) : Self.protected(declares: true)
        let (findings, actions, keys) = Self.run(events)
        #expect(actions.suffix(2) == [Self.request(streamID: "protected"), .arm(.answer)])
        #expect(keys.count == 1 && findings.isComplete && findings.dialback == nil)
    }

    /// What comes in answer, and what it means.
    private static let answers: [(StreamProbe.Event, StreamFindings.Dialback)] = [
        (answer("valid"), .accepted), (answer("invalid"), .invalidKey),
        (answer("error"), .refused(DialbackError(.undefinedCondition))),
        (
            answer("valid", from: nil),
            .failed(reason: "the server's answer cannot be read: dialback needs a domain in from")
        ),
        (.closedByPeer, .streamEnded(nil)), (.deadlinePassed(.answer), .timedOut),
        (
            .elementReceived(
                XMLElement(Namespace.stream, "error", [XMLElement(Namespace.streamErrors, "host-unknown")])),
            .streamEnded(StreamError(.hostUnknown))
        ), (.broken(reason: "reset"), .failed(reason: "reset")),
        (.stanzasReceived, .failed(reason: "the server sent stanzas in its place")),
        (header(), .failed(reason: "the server opened its stream twice")),
    ]

    @Test(arguments: answers)
    private func `DB-08: whatever comes in place of valid is kept for what it is, and says nothing against the server`(
        event: StreamProbe.Event, result: StreamFindings.Dialback
    ) {
        let (findings, actions, keys) = Self.run(
            Self.protected(Self.dialback) + [event, .deadlinePassed(.closing), Self.answer("valid"), .closedByPeer])
        #expect(findings.dialback == result && findings.isComplete && findings.external == nil)
        #expect(actions.last == .finish && actions.count { $0 == .finish } == 1 && keys.count == 1)
    }

    private static func answer(_ type: String) -> StreamProbe.Event { answer(type, from: "b.example") }

    @Test(arguments: DialbackError.Condition.allCases)
    func `DB-23: each condition of an error is told`(condition: DialbackError.Condition) {
        let (findings, _, _) = Self.run(
            Self.protected(Self.dialback) + [Self.answer("error", Self.error(condition.rawValue))])
        guard case .refused(let error)? = findings.dialback else {
            Issue.record("\(String(describing: findings.dialback))")
            return
        }
        #expect(error.condition == condition)
    }

    /// What has no effect while the answer is awaited.
    private static let noise: [StreamProbe.Event] = [
        answer("valid", from: "c.example"), answer("valid", to: "c.example"), answer("valid", name: "verify"),
        answer(nil), answer("perhaps"), .deadlinePassed(.negotiation),
    ]

    @Test(arguments: noise)
    private func `DB-09: what does not answer the request has no effect`(event: StreamProbe.Event) {
        let (findings, actions, _) = Self.run(Self.protected(Self.dialback) + [event])
        #expect(findings.dialback == nil && actions.last == .arm(.answer))
        let (later, _, _) = Self.run(Self.protected(Self.dialback) + [event, Self.answer("valid")])
        #expect(later.dialback == .accepted)
    }

    @Test func `an answer before the request means nothing`() {
        let (findings, _, keys) = Self.run(
            [.connected, Self.header(), Self.answer("valid"), .deadlinePassed(.closing)], allowsClear: true)
        #expect(findings.dialback == nil && findings.fault?.stage == .features && keys.isEmpty)
    }

    @Test func `no key for a server that is objected to, that names no stream, or where nobody asks`() {
        let objected = Self.run(Self.protected(Self.dialback), objection: "refuted")
        #expect(objected.findings.dialback == .withheld(reason: "refuted") && objected.keys.isEmpty)
        #expect(objected.actions.suffix(2) == [.sendClosingTag, .arm(.closing)])
        for id in [nil, ""] {
            let (findings, _, keys) = Self.run(Self.protected(id: id, Self.dialback))
            guard case .withheld? = findings.dialback else {
                Issue.record("\(String(describing: findings.dialback))")
                continue
            }
            #expect(keys.isEmpty)
        }
        let nobody = Self.run(Self.protected(Self.dialback), from: nil)
        #expect(nobody.keys.isEmpty && nobody.findings.isComplete && nobody.actions.last == .arm(.closing))
        let absent = Self.run(Self.protected())
        #expect(absent.keys.isEmpty && absent.findings.dialback == nil && absent.actions.last == .arm(.closing))
    }

    /// Streams in clear, and whether they get a key where that is wanted at all.
    private static let clear: [(events: [StreamProbe.Event], isAsked: Bool)] = [
        ([header(), features(dialback)], true), ([header(declares: true), features()], true),
        ([header(version: nil, declares: true)], true), ([header(version: nil)], false),
        ([header(), features()], false), ([header(), features(startTLS, dialback)], false),
        ([header(id: nil), features(dialback)], false),
    ]

    @Test(arguments: clear)
    private func `DB-21: a key goes in clear only where that is wanted, and only without TLS`(
        events: [StreamProbe.Event], isAsked: Bool
    ) {
        let allowed = Self.run([.connected] + events, allowsClear: true)
        #expect(allowed.actions.contains(Self.request(streamID: "clear")) == isAsked)
        #expect(allowed.keys.isEmpty != isAsked)
        let forbidden = Self.run([.connected] + events)
        #expect(forbidden.keys.isEmpty && !forbidden.actions.contains(.arm(.answer)))
    }

    @Test func `a server before 1.0 is asked, and its answer counts`() {
        let events = [.connected, Self.header(version: nil, declares: true), Self.answer("valid")]
        let (findings, _, _) = Self.run(events, allowsClear: true)
        #expect(findings.dialback == .accepted && findings.fault == nil)
    }
}
