import Testing
import XMLStreaming
import XMPPModel

@Suite("Stanzas that leave their stream")
struct CarriedStanzaTests {
    private func carried(_ opening: String, _ stanza: String, in namespace: String = Namespace.server) -> String? {
        let answers = everyDivision(Array((opening + stanza).utf8), contentNamespace: namespace)
        #expect(answers.count == 1)
        return answers.first?.last?.stanza
    }

    @Test(arguments: [
        ("<message/>", "<message/>"), ("<message xmlns='jabber:server'/>", "<message/>"),
        ("<message\n xmlns = \"jabber:server\" id='1'/>", "<message id='1'/>"),
        ("<message id='1' xmlns='jabber&#x3a;server'><body/></message>", "<message id='1'><body/></message>"),
        (
            "<message xmlns='jabber:server'><body xmlns='jabber:server' a='xmlns='>xmlns='jabber:server'</body></message>",
            "<message><body a='xmlns='>xmlns='jabber:server'</body></message>"
        ),
        (
            "<message><![CDATA[<a>]]><body><x/><y xmlns='jabber:server'/></body></message>",
            "<message><![CDATA[<a>]]><body><x/><y/></body></message>"
        ),
        (
            "<message xmlns='jabber:server'><x xmlns='urn:x'><message xmlns='jabber:server'><body xmlns='jabber:server'/>"
                + "</message></x><body xmlns='jabber:server'/></message>",
            "<message><x xmlns='urn:x'><message xmlns='jabber:server'><body xmlns='jabber:server'/>"
                + "</message></x><body/></message>"
        ),
        (
            "<message><body/><x xmlns='urn:x'><message xmlns='jabber:client'/></x></message>",
            "<message><body/><x xmlns='urn:x'><message xmlns='jabber:client'/></x></message>"
        ),
        ("<message><x xmlns=''><y/></x></message>", "<message><x xmlns=''><y/></x></message>"),
    ])
    func `RT-11: the content namespace is implicit wherever it can be`(stanza: String, expected: String) {
        #expect(carried(Opening.plain, stanza) == expected)
        let component = stanza.replacing("jabber:server", with: Namespace.component)
            .replacing("jabber&#x3a;server", with: "jabber&#x3a;component:accept")
        #expect(
            carried(Opening.component, component, in: Namespace.component)
                == expected.replacing("jabber:server", with: Namespace.component))
    }

    @Test func `RT-11: children keep their namespaces in the other stream`() throws {
        let stanza = "<message><body/><x xmlns='urn:x'><message xmlns='jabber:client'/></x></message>"
        let bytes = try #require(carried(Opening.plain, stanza))
        // As a stream that has no stanzas of its own sees it.
        let said = parse(Opening.component + bytes, contentNamespace: "urn:none")
        #expect(
            said.last
                == .element(
                    XMLElement(
                        Namespace.component, "message",
                        [
                            XMLElement(Namespace.component, "body"),
                            XMLElement("urn:x", "x", [XMLElement("jabber:client", "message")]),
                        ])))
    }

    @Test(arguments: [
        ("<message><x:e/></message>", "<message xmlns:x='urn:x' xml:lang='cs'><x:e/></message>"),
        ("<message x:a='1'/>", "<message xmlns:x='urn:x' xml:lang='cs' x:a='1'/>"),
        (
            "<message><e x:a='1'/><x:e/></message>",
            "<message xmlns:x='urn:x' xml:lang='cs'><e x:a='1'/><x:e/></message>"
        ),
        (
            "<message><x:e xmlns:x='urn:y'/></message>",
            "<message xml:lang='cs'><x:e xmlns:x='urn:y'/></message>"
        ),
        (
            "<message><x:e xmlns:x='urn:y'/><x:e/></message>",
            "<message xmlns:x='urn:x' xml:lang='cs'><x:e xmlns:x='urn:y'/><x:e/></message>"
        ),
        (
            "<message xmlns='jabber:server'><e xmlns='urn:e'><db:x/><x:y/></e></message>",
            "<message xmlns:db='jabber:server:dialback' xmlns:x='urn:x' xml:lang='cs'><e xmlns='urn:e'><db:x/><x:y/>"
                + "</e></message>"
        ),
    ])
    func `XS-22: a prefix of the header is declared in the stanza that uses it`(stanza: String, expected: String) {
        #expect(carried(Opening.full, stanza) == expected)
        #expect(parse(Opening.plain + expected).count == 2)
        #expect(parse(Opening.plain + expected).last?.stanza == expected)
    }

    @Test func `XS-22: what one stanza used the next does not carry`() {
        let said = parse(Opening.full + "<iq><x:e/></iq><iq/>")
        #expect(said.last?.stanza == "<iq xml:lang='cs'/>")
    }

    @Test(arguments: [
        ("<message/>", "<message xml:lang='cs'/>", "cs"), ("<iq\n/>", "<iq xml:lang='cs'\n/>", "cs"),
        ("<presence><a xml:lang='fr'/></presence>", "<presence xml:lang='cs'><a xml:lang='fr'/></presence>", "cs"),
        ("<message xml:lang='fr'/>", "<message xml:lang='fr'/>", "fr"),
        ("<message xml:lang=''/>", "<message xml:lang=''/>", ""),
        ("<message lang='de'/>", "<message xml:lang='cs' lang='de'/>", "cs"),
    ])
    func `XS-25: a stanza has its own language or the stream's`(stanza: String, expected: String, language: String) {
        for said in everyDivision(Array((Opening.czech + stanza).utf8)) {
            #expect(said.last?.stanza == expected)
            if case .stanza(_, _, _, _, _, let found)? = said.last { #expect(found == language) }
        }
        #expect(carried(Opening.plain, stanza) == stanza)
    }

    @Test func `XS-25: a language is written so that it cannot say more`() {
        let opening = Opening.plain.replacing(">", with: " xml:lang='&apos;>&lt;a/>'>")
        #expect(carried(opening, "<iq/>") == "<iq xml:lang='&apos;&gt;&lt;a/&gt;'/>")
    }

    @Test func `XS-25: what is too long for a language is not carried by each stanza`() {
        let opening = Opening.plain.replacing(">", with: " xml:lang='\(String(repeating: "a", count: 65))'>")
        #expect(carried(opening, "<iq/>") == "<iq/>")
    }

    @Test func `DO-05: a stanza takes no kilobytes from the header`() {
        let opening = Opening.plain.replacing(">", with: " xmlns:x='\(String(repeating: "a", count: 1024))'>")
        let tooMuch = StreamError(.policyViolation, "namespaces of the stream header too long")
        #expect(parse(opening + "<message/><message x:a='1'/>").last == .failed(tooMuch))
        #expect(parse(opening + "<message><x:e xmlns:x='urn:y'/></message>").count == 2)
        let half = Opening.plain.replacing(">", with: " xmlns:x='\(String(repeating: "a", count: 600))'>")
        #expect(parse(half + "<message x:a='1'/><message><x:e/></message>").count == 3)
    }

    @Test func `XS-22, DO-05: what one stream takes another takes, whoever declares the namespaces`() {
        func stanza(declaring count: Int) -> String {
            "<message>"
                + (0..<count).map { "<e xmlns:n\($0)='u'>" }.joined() + String(repeating: "</e>", count: count)
                + "<x:e/></message>"
        }
        let deep = XMLLimits(depth: 300)
        let said = parse(Array((Opening.full + stanza(declaring: 255)).utf8), limits: deep)
        guard case .stanza(let carried, _, _, _, _, _)? = said.last else {
            Issue.record("not carried: \(said)")
            return
        }
        #expect(
            parse(Array(Opening.component.utf8) + carried.bytes, limits: deep, contentNamespace: Namespace.component)
                .count == 2)
        let tooMany = StreamError(.policyViolation, "too many namespaces declared")
        #expect(parse(Array((Opening.full + stanza(declaring: 256)).utf8), limits: deep).last == .failed(tooMany))
    }

    @Test(arguments: [
        "<foo:message xmlns:foo='jabber:server' from='a@a.example' to='b@b.example'><foo:body>x</foo:body></foo:message>",
        "<message><foo:body xmlns:foo='jabber:server'/></message>",
    ])
    func `XS-09: a stanza with a prefix closes the stream`(stanza: String) {
        let said = parse(Opening.plain + stanza + "<presence/>")
        #expect(said.dropFirst() == [.failed(StreamError(.badNamespacePrefix))])
    }

    @Test(arguments: [
        "<message><x xmlns='urn:x' xmlns:foo='jabber:server'><foo:body/></x></message>",
        "<message xmlns:foo='jabber:server'><body/></message>",
    ])
    func `XS-09: a prefix that nothing inherits harms nobody`(stanza: String) {
        #expect(carried(Opening.plain, stanza) == stanza)
    }

    @Test func `A stanza is read as a tree where someone must look inside`() {
        let content = "<a xmlns='urn:a' b='&amp;'>t<![CDATA[<]]></a>" + String(repeating: "x", count: 20_000)
        let stanza = Stanza(.iq, from: "a.example", to: "b.example", id: "1", content: Array(content.utf8))
        let child = XMLElement("urn:a", "a", attributes: ["b": "&"], text: "t<")
        var expected = XMLElement(
            Namespace.server, "iq", attributes: ["from": "a.example", "to": "b.example", "id": "1"], [child])
        expected.children.append(.text(String(repeating: "x", count: 20_000)))
        #expect(XMLElement(stanza) == expected)
        #expect(XMLElement(stanza, contentNamespace: Namespace.component)?.namespace == Namespace.component)
        for broken in ["<iq>", "<x:iq/>", "iq", "</stream>", "<iq>\u{1}</iq>"] {
            #expect(XMLElement(Stanza(.iq, xml: broken)) == nil)
        }
    }
}
