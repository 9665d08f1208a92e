import Testing
import XMLStreaming
import XMPPModel

@Suite("The writer")
struct XMLWriterTests {
    @Test func `XS-01: a header has the form that every known server reads`() {
        let header = StreamHeader(from: "a.example", to: "b.example", language: "en", declaresDialback: true)
        #expect(
            String(decoding: XMLWriter.header(header), as: UTF8.self) == """
                <?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
                xmlns:db='jabber:server:dialback' from='a.example' to='b.example' version='1.0' xml:lang='en'>
                """)
    }

    @Test func `XS-02, XS-10: a response has an id and may have an empty from`() {
        let header = StreamHeader(from: "", id: "x'y", version: nil)
        #expect(
            String(decoding: XMLWriter.header(header), as: UTF8.self) == """
                <?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
                from='' id='x&apos;y'>
                """)
    }

    @Test(arguments: [
        StreamHeader(from: "a.example", to: "b.example", id: "1", language: "en", declaresDialback: true),
        StreamHeader(from: "<&'\">\t\n", version: nil),
        StreamHeader(from: "x", version: nil, contentNamespace: Namespace.component),
    ])
    func `A header is read as it was written`(header: StreamHeader) {
        #expect(parse(XMLWriter.header(header)) == [.header(header)])
    }

    static let elements: [XMLElement] = {
        var attributed = XMLElement("urn:a", "a", attributes: ["b": "<&'\">\n\t "], text: " <&'\">]]>\n")
        attributed.attributes.append(XMLAttribute("lang", "en", namespace: Namespace.xml))
        attributed.attributes.append(XMLAttribute("c", "d", namespace: "urn:c"))
        return [
            XMLElement(
                Namespace.stream, "features",
                [XMLElement(Namespace.startTLS, "starttls", [XMLElement(Namespace.startTLS, "required")])]),
            XMLElement(Namespace.dialback, "result", attributes: ["from": "a", "to": "b"], text: "key"),
            StreamError(.hostUnknown, "why", application: XMLElement("urn:x", "y")).element, attributed,
            XMLElement(Namespace.server, "other", [XMLElement("", "none", [XMLElement(Namespace.server, "x")])]),
            XMLElement("urn:a", "a", [XMLElement(Namespace.server, "b", [XMLElement(Namespace.stream, "c")])]),
        ]
    }()

    @Test(arguments: elements)
    func `An element is read as it was written`(element: XMLElement) {
        for namespace in [Namespace.server, Namespace.component] {
            let header = StreamHeader(
                version: nil, contentNamespace: namespace, declaresDialback: namespace == Namespace.server)
            let bytes =
                XMLWriter.header(header) + XMLWriter.bytes(of: element, contentNamespace: namespace)
                + XMLWriter.closing
            #expect(parse(bytes, contentNamespace: namespace) == [.header(header), .element(element), .closed])
        }
    }

    @Test(arguments: [
        (XMLElement(Namespace.stream, "features"), "<stream:features/>"),
        (XMLElement(Namespace.dialback, "verify", text: "v"), "<db:verify>v</db:verify>"),
        (XMLElement(Namespace.startTLS, "proceed"), "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        (
            StreamError(.hostUnknown).element,
            "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        ),
        (XMLElement(Namespace.server, "message", [XMLElement(Namespace.server, "body")]), "<message><body/></message>"),
    ])
    func `XS-28: elements are written with the prefixes that peers compare as text`(element: XMLElement, text: String) {
        #expect(String(decoding: XMLWriter.bytes(of: element), as: UTF8.self) == text)
    }

    @Test func `CP-01: a component's stream has no prefix for dialback`() {
        let element = XMLElement(Namespace.dialback, "verify")
        let bytes = XMLWriter.bytes(of: element, contentNamespace: Namespace.component)
        #expect(String(decoding: bytes, as: UTF8.self) == "<verify xmlns='jabber:server:dialback'/>")
    }
}
