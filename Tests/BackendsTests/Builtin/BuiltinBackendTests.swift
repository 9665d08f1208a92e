import Routing
import Testing
import XMLStreaming
import XMPPModel

@testable import Backends

@Suite("Builtin domains")
struct BuiltinBackendTests {
    private static let domain = Self.name("b.example")

    private static func name(_ text: String) -> DomainName {
        do { return try DomainName(text) } catch { preconditionFailure("\(text): \(error)") }
    }

    private static func answers(
        to stanzas: [Stanza], settings: BuiltinSettings = BuiltinSettings(softwareVersion: "1.2")
    ) -> [Stanza] {
        var backend = BuiltinBackend(domain, settings: settings)
        guard case .submit(let answers)? = backend.handle(.stanzasRouted(stanzas)).first else { return [] }
        return answers
    }

    private static func text(_ stanza: Stanza?) -> String { String(decoding: stanza?.bytes ?? [], as: UTF8.self) }

    private static func query(
        _ payload: String, to: String = "b.example", type: String? = "get", id: String? = "q1"
    ) -> Stanza {
        Stanza(.iq, from: "juliet@a.example/x", to: to, id: id, type: type, content: Array(payload.utf8))
    }

    private static func message(
        _ content: String = "<body>Hi &amp; low</body>", to: String = "romeo@b.example", type: String? = "chat"
    ) -> Stanza {
        Stanza(.message, from: "juliet@a.example/x", to: to, id: "m1", type: type, content: Array(content.utf8))
    }

    @Test func `KA-01: a ping gets an empty result`() {
        let answer = Self.answers(to: [Self.query("<ping xmlns='urn:xmpp:ping'/>")])
        #expect(
            answer.map(Self.text) == ["<iq from='b.example' to='juliet@a.example/x' id='q1' type='result'/>"])
    }

    @Test(arguments: [
        (Self.query("<query xmlns='urn:x'/>"), "service-unavailable"),
        (Self.query("<ping xmlns='urn:xmpp:ping'/>", type: "set"), "service-unavailable"),
        (Self.query("<ping xmlns='urn:xmpp:ping'/>", type: "subscribe"), "bad-request"),
        (Self.query("<ping xmlns='urn:xmpp:ping'/>", type: nil), "bad-request"),
        (Self.query("<ping xmlns='urn:xmpp:ping'/>", id: nil), "bad-request"),
        (Self.query(""), "bad-request"),
        (Self.query("<a xmlns='urn:x'/><b xmlns='urn:x'/>"), "bad-request"),
    ])
    func `RT-09: every other question is answered once, with an error`(query: Stanza, condition: String) {
        let answers = Self.answers(to: [query])
        #expect(answers.count == 1)
        #expect(answers.first?.isError == true && answers.first?.id == query.id && answers.first?.to == query.from)
        #expect(Self.text(answers.first).contains("<\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"))
    }

    @Test(arguments: ["result", "error"])
    func `RT-08: results and errors are not answered`(type: String) {
        #expect(Self.answers(to: [Self.query("<ping xmlns='urn:xmpp:ping'/>", type: type)]).isEmpty)
        #expect(Self.answers(to: [Self.query("<ping xmlns='urn:xmpp:ping'/>", type: type, id: nil)]).isEmpty)
        #expect(Self.answers(to: [Self.message(type: "error")]).isEmpty)
    }

    @Test(arguments: [
        Stanza.Kind.message, .presence, .iq,
    ])
    func `RT-12: bare and full addresses are answered alike`(kind: Stanza.Kind) {
        let answers = ["u@b.example", "u@b.example/r", "other@b.example"].map { address in
            let stanza = Stanza(
                kind, from: "juliet@a.example", to: address, id: "1", type: kind == .iq ? "get" : nil,
                content: Array(kind == .iq ? "<ping xmlns='urn:xmpp:ping'/>".utf8 : "<body>x</body>".utf8))
            let answer = Self.text(Self.answers(to: [stanza]).first)
            return answer.split(separator: address, omittingEmptySubsequences: false).joined(separator: "…")
        }
        #expect(Set(answers).count == 1)
        #expect((answers.first == "") == (kind == .presence))
        if kind == .iq { #expect(answers.first?.contains("service-unavailable") == true) }
    }

    @Test func `SI-01: disco#info has an identity and the features`() {
        let query = Self.query("<query xmlns='http://jabber.org/protocol/disco#info' node=''/>")
        let text = Self.text(Self.answers(to: [query]).first)
        #expect(text.contains("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='server'"))
        for feature in ["http://jabber.org/protocol/disco#info", "urn:xmpp:ping", "jabber:iq:version"] {
            #expect(text.contains("<feature var='\(feature)'/>"))
        }
        #expect(!text.contains("jabber:x:data"))
    }

    @Test(arguments: ["info", "items"])
    func `SI-01: an unknown node is not found`(kind: String) {
        let query = Self.query("<query xmlns='http://jabber.org/protocol/disco#\(kind)' node='x'/>")
        #expect(Self.text(Self.answers(to: [query]).first).contains("item-not-found"))
    }

    @Test func `SI-01: disco#items lists the other domains`() {
        let settings = BuiltinSettings(softwareVersion: "1", items: [Self.domain, Self.name("chat.b.example")])
        let query = Self.query("<query xmlns='http://jabber.org/protocol/disco#items'/>")
        let text = Self.text(Self.answers(to: [query], settings: settings).first)
        #expect(
            text.contains(
                "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='chat.b.example'/></query>"))
    }

    @Test func `SI-02: contacts are URIs in a form, and absent ones give no field`() {
        let contacts = ContactAddresses([
            .abuse: ["mailto:abuse@b.example", "xmpp:abuse@b.example"], .admin: ["admin@b.example", " ", "x:"],
            .security: ["https://b.example/security?a&b"], .sales: [],
        ])
        let settings = BuiltinSettings(softwareVersion: "1", contacts: contacts)
        let query = Self.query("<query xmlns='http://jabber.org/protocol/disco#info'/>")
        let text = Self.text(Self.answers(to: [query], settings: settings).first)
        let parts = [
            "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>",
            "<value>http://jabber.org/network/serverinfo</value></field>",
            "<field var='abuse-addresses'><value>mailto:abuse@b.example</value>",
            "<value>xmpp:abuse@b.example</value></field>",
            "<field var='security-addresses'><value>https://b.example/security?a&amp;b</value></field></x>",
        ]
        let form = parts.joined()
        #expect(text.contains(form))
    }

    @Test(arguments: [nil, "Linux"])
    func `SI-03: the version is told, the system only where it is set`(system: String?) {
        let settings = BuiltinSettings(softwareName: "Ligase", softwareVersion: "1.2", operatingSystem: system)
        let text = Self.text(
            Self.answers(to: [Self.query("<query xmlns='jabber:iq:version'/>")], settings: settings).first)
        let expected = system.map { "<os>\($0)</os>" } ?? ""
        #expect(
            text.contains(
                "<query xmlns='jabber:iq:version'><name>Ligase</name><version>1.2</version>\(expected)</query>"))
    }

    @Test(arguments: ["chat", "normal", nil, "unheard-of"])
    func `A message comes back with its addresses swapped and its content untouched`(type: String?) {
        let content = "<body>Hi &amp; low</body><x xmlns='urn:x'><message xmlns='jabber:client'/></x>"
        let answer = Self.answers(to: [Self.message(content, type: type)]).first
        let attribute = type.map { " type='\($0)'" } ?? ""
        #expect(
            Self.text(answer)
                == "<message from='romeo@b.example' to='juliet@a.example/x' id='m1'\(attribute)>\(content)"
                + "<echo xmlns='ligase:echo'/></message>")
        #expect(answer?.from == "romeo@b.example" && answer?.to == "juliet@a.example/x")
        #expect(answer?.id == "m1" && answer?.type == type && answer?.isTo(Self.name("a.example")) == true)
    }

    @Test func `The echo keeps quotes and entities of addresses as they were`() {
        let bytes = Array(
            "<message id=\"1\" to = \"b.example/it's\" from='a.example/&quot;&amp;' ><body><![CDATA[</body>]]></body></message>"
                .utf8)
        var events: [XMLStreamEvent] = []
        let parser = XMLStreamParser(limits: .established)
        (XMLWriter.header(StreamHeader()) + bytes).withUnsafeBytes { _ = parser.feed($0, into: &events) }
        guard case .stanzas(let stanzas)? = events.last else {
            Issue.record("the stanza was not read: \(events)")
            return
        }
        let answer = Self.answers(to: stanzas).first
        #expect(answer?.from == "b.example/it's" && answer?.to == "a.example/\"&")
        let text = Self.text(answer)
        #expect(text.contains("to = 'a.example/&quot;&amp;'") && text.contains("from=\"b.example/it's\""))
        #expect(text.contains("<body><![CDATA[</body>]]></body><echo"))
    }

    @Test(arguments: [
        Self.message(""), Self.message("<subject>x</subject>"), Self.message("<x xmlns='urn:x'><body/></x>"),
        Self.message("<body xmlns='http://www.w3.org/1999/xhtml'>x</body>"), Self.message(type: "groupchat"),
        Self.message(type: "headline"), Self.message("<body>x</body><delay xmlns='urn:xmpp:delay'/>"),
        Self.message("<echo xmlns='ligase:echo'/><body>x</body>"),
        Stanza(.presence, from: "a.example", to: "b.example", type: "subscribe"),
        Stanza(.presence, from: "a.example", to: "u@b.example", type: "probe"),
    ])
    func `What is no conversation is not echoed`(stanza: Stanza) {
        #expect(Self.answers(to: [stanza]).isEmpty)
    }

    @Test func `Two echoes do not answer each other`() {
        let first = Self.answers(to: [Self.message()])
        #expect(first.count == 1)
        #expect(Self.answers(to: first).isEmpty)
    }

    @Test func `Answers keep the order of the questions, and connections mean nothing`() {
        let ping = Self.query("<ping xmlns='urn:xmpp:ping'/>")
        #expect(Self.answers(to: [ping, Self.message(), ping]).map(\.kind) == [.iq, .message, .iq])
        var backend = BuiltinBackend(Self.domain, settings: BuiltinSettings(softwareVersion: "1"))
        let events: [BackendEvent] = [
            .connected, .headerReceived(StreamHeader(), id: "1"), .elementReceived(XMLElement("urn:x", "y")),
            .stanzasReceived([ping]), .closedByPeer, .failed(StreamError(.reset)), .deadlinePassed,
            .closeRequested(nil), .stanzasRouted([]),
        ]
        for event in events { #expect(backend.handle(event) == []) }
    }

    @Test func `An outline of anything is an outline or nothing`() {
        let whole = Array("<message from='a' to=\"b\"><body a='>'/><![CDATA[<x>]]><y><z/></y></message>".utf8)
        for count in 0...whole.count {
            whole[..<count].withUnsafeBytes { bytes in
                #expect((StanzaOutline(bytes) != nil) == (count == whole.count))
            }
        }
        for index in whole.indices {
            for byte in Array("<>/!'\" =x".utf8) {
                var broken = whole
                broken[index] = byte
                broken.withUnsafeBytes { _ = StanzaOutline($0) }
            }
        }
    }
}
