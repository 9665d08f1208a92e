import Testing
import XMLStreaming
import XMPPModel

@Suite("The push parser")
struct XMLStreamParserTests {
    static let documents = [
        Opening.full + "<message to='b@b.example' from='a@a.example/r' id='1' type='chat'><body>hi</body></message>"
            + " \n\t<iq id='2' type='get'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>",
        Opening.plain + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
            + "</stream:features><presence/><db:result xmlns:db='jabber:server:dialback' from='a' to='b'>k\u{E9}y"
            + "&lt;&#x41;<![CDATA[<&]]x]]></db:result><message/>",
        Opening.prefixFree + "<message xmlns='jabber:server'><body>1 > 0 '\"</body></message><features/></stream>",
        "  \r\n" + Opening.plain + "<message a='>' b=\"/>'\" c='&amp;&#39;&quot;'><x xmlns='urn:x' y='>'/>\u{1F600}"
            + "</message>",
        Opening.plain + "<message><body><![CDATA[ ]]]]><![CDATA[>]]>]]</body></message ><presence / ></stream:stream>",
        "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>",
        Opening.full
            + "<message><x:e a='1'/></message><message xml:lang=''/><message xmlns='jabber:server' xml:lang='fr'"
            + "><body xmlns='jabber:server'>\u{FEFF}</body><e xmlns='urn:e'><message xmlns='jabber:server'/></e></message>",
        Opening.plain + "<message><body></message><presence/>",
        Opening.plain + "<presence/>text<presence/>",
        Opening.plain + "<presence/><!-- x --><presence/>",
    ]

    @Test(arguments: documents)
    func `XS-27: how bytes are divided means nothing`(document: String) {
        let answers = everyDivision(Array(document.utf8))
        #expect(answers.count == 1, "\(answers)")
    }

    @Test func `A header is delivered with all that a stream decides upon`() {
        let header = StreamHeader(
            from: "a.example", to: "b.example", id: "s1", language: "cs", declaresDialback: true)
        #expect(parse(Opening.full) == [.header(header)])
    }

    @Test func `XS-06, XS-07: wrong namespaces are delivered for the stream to judge`() {
        let said = parse("<s:stream xmlns:s='http://wrong.example/' xmlns='jabber:client'><message/>")
        #expect(
            said.first
                == .header(
                    StreamHeader(
                        version: nil, streamNamespace: "http://wrong.example/", streamPrefix: "s",
                        contentNamespace: "jabber:client")))
        #expect(said.last == .element(XMLElement("jabber:client", "message")))
    }

    @Test func `XS-08: a header without a prefix declares no content namespace`() {
        let said = parse(Opening.prefixFree + "<message xmlns='jabber:server' to='x'><body/></message>")
        #expect(said.first == .header(StreamHeader(streamPrefix: "", contentNamespace: nil)))
        #expect(said.last?.stanza == "<message to='x'><body/></message>")
    }

    @Test(arguments: [
        ("", nil), (" version='1.0'", StreamVersion(major: 1, minor: 0)),
        (" version='1.10'", StreamVersion(major: 1, minor: 10)), (" version='one'", nil),
    ])
    func `XS-04: the version of a header is two numbers or none`(attribute: String, version: StreamVersion?) {
        let said = parse("<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:server'\(attribute)>")
        #expect(said == [.header(StreamHeader(version: version, streamPrefix: "s"))])
    }

    @Test func `First-level elements are trees and stanzas are not, in the order they came`() {
        let said = parse(
            Opening.plain + "<iq id='1'/><a xmlns='urn:a' b='1' xml:lang='de'>t<c xmlns=''/>u</a><presence id='2'/>")
        var element = XMLElement("urn:a", "a", attributes: ["b": "1"])
        element.attributes.append(XMLAttribute("lang", "de", namespace: Namespace.xml))
        element.children = [.text("t"), .element(XMLElement("", "c")), .text("u")]
        #expect(said.count == 4)
        #expect(said[1].stanza == "<iq id='1'/>")
        #expect(said[2] == .element(element))
        #expect(said[3].stanza == "<presence id='2'/>")
    }

    @Test func `The envelope of a stanza is decoded`() {
        let said = parse(
            Opening.plain + "<message from='d&apos;artagnan@a.example' to=\"b&#x2e;example\" id='' type='a&#10;b'/>")
        #expect(
            said.last
                == .stanza(
                    Stanza(
                        .message,
                        xml: "<message from='d&apos;artagnan@a.example' to=\"b&#x2e;example\" id='' type='a&#10;b'/>"),
                    from: "d'artagnan@a.example", to: "b.example", id: "", type: "a\nb", language: nil))
    }

    @Test func `XS-20: what only looks like a stanza is an element`() {
        let said = parse(
            Opening.plain + "<x:message xmlns:x='http://example.org/ns'/><pubsub/><message xmlns='urn:m'/>")
        #expect(
            said.dropFirst() == [
                .element(XMLElement("http://example.org/ns", "message")),
                .element(XMLElement(Namespace.server, "pubsub")),
                .element(XMLElement("urn:m", "message")),
            ])
    }

    @Test func `White space between elements is nothing`() {
        let parser = XMLStreamParser(limits: .established)
        _ = parser.feed(Opening.plain)
        parser.releaseIdleMemory()
        for _ in 0..<1000 { #expect(parser.feed(" \n\r\t").isEmpty) }
        #expect(parser.isBetweenElements)
        #expect(parser.feed("<presence/>").count == 1)
    }

    @Test func `XS-27: a stanza that is not complete is never seen`() {
        #expect(parse(Opening.plain + "<message><body>hi</bo").count == 1)
    }

    @Test func `Nothing is read after the end`() {
        let parser = XMLStreamParser(limits: .established)
        #expect(Said.list(parser.feed(Opening.plain + "<presence/></stream:stream><presence/>")).last == .closed)
        #expect(parser.isFinished)
        #expect(parser.feed("<presence/>").isEmpty)
    }

    @Test func `XS-11: nothing behind a fault is seen, and everything before it is`() {
        let parser = XMLStreamParser(limits: .established)
        let said = Said.list(parser.feed(Opening.plain + "<iq/><presence/><message></x><presence/>"))
        #expect(said.compactMap(\.stanza) == ["<iq/>", "<presence/>"])
        #expect(said.last == .failed(StreamError(.notWellFormed)))
        #expect(parser.feed("<presence/>").isEmpty)
    }

    @Test func `TL-03: a parser that pauses leaves what is behind an element to its owner`() {
        let parser = XMLStreamParser(limits: .unauthenticated)
        parser.pausesAfterElement = true
        let text = Array((Opening.plain + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\u{16}\u{3}").utf8)
        var events: [XMLStreamEvent] = []
        let taken = text.withUnsafeBytes { parser.feed($0, into: &events) }
        #expect(taken == text.count - 2)
        #expect(events.last == .element(XMLElement(Namespace.startTLS, "proceed")))

        let divided = XMLStreamParser(limits: .unauthenticated)
        divided.pausesAfterElement = true
        events = []
        let takenLater = text.withUnsafeBytes { all in
            divided.feed(UnsafeRawBufferPointer(rebasing: all[..<100]), into: &events)
                + divided.feed(UnsafeRawBufferPointer(rebasing: all[100...]), into: &events)
        }
        #expect(takenLater == text.count - 2)
    }

    @Test func `A large stanza is carried byte by byte as it came`() {
        let body = String(repeating: "0123456789\u{E9}]]\u{1F600}&amp;&#x41;<b/><![CDATA[>]] ]]>", count: 4000)
        let stanza = "<message>\(body)</message>"
        for size in [Int.max, 1000, 4096, 65_536] {
            #expect(parse(Opening.plain + stanza, by: size).last?.stanza == stanza)
        }
        let text = "<message><body>" + String(repeating: "\u{E9}]", count: 60_000) + "</body></message>"
        let characterData = "<message><![CDATA[" + String(repeating: "\u{20AC}]", count: 50_000) + "]]></message>"
        for size in [Int.max, 999, 4097] {
            #expect(parse(Opening.plain + text, by: size).last?.stanza == text)
            #expect(parse(Opening.plain + characterData, by: size).last?.stanza == characterData)
        }
    }
}

extension Stanza {
    init(_ kind: Kind, xml: String) {
        self = Array(xml.utf8).withUnsafeBytes {
            Stanza(kind, xml: $0, from: nil, to: nil)
        }
    }
}
