import Testing
import XMPPModel

@Suite("RFC 6120 §8 stanzas")
struct StanzaTests {
    private let stanza = Stanza(
        .message, from: "romeo@A.example/'x'", to: "juliet@b.example", id: "<1>", type: "chat", language: "en",
        content: Array("<body>hi</body>".utf8))

    @Test func `A stanza of texts is serialised with its values escaped`() {
        #expect(
            String(decoding: stanza.bytes, as: UTF8.self) == """
                <message from='romeo@A.example/&apos;x&apos;' to='juliet@b.example' id='&lt;1&gt;' type='chat' \
                xml:lang='en'><body>hi</body></message>
                """)
        #expect(stanza.byteCount == stanza.bytes.count)
        #expect(
            [stanza.from, stanza.to, stanza.id, stanza.type, stanza.language]
                == ["romeo@A.example/'x'", "juliet@b.example", "<1>", "chat", "en"])
        var copy: [UInt8] = [0]
        stanza.append(to: &copy)
        #expect(copy == [0] + stanza.bytes)
    }

    @Test(arguments: Stanza.Kind.allCases)
    func `An insertion stands behind the name of any kind`(kind: Stanza.Kind) {
        let xml = Array("<\(kind.elementName) id='1'/>".utf8)
        let insertion = Array(" xml:lang='cs'".utf8)
        let language = Array("cs".utf8)
        let stanza = xml.withUnsafeBytes { xml in
            insertion.withUnsafeBytes { insertion in
                language.withUnsafeBytes {
                    Stanza(kind, xml: xml, inserting: insertion, values: $0, from: nil, to: nil, language: 0..<2)
                }
            }
        }
        #expect(String(decoding: stanza.bytes, as: UTF8.self) == "<\(kind.elementName) xml:lang='cs' id='1'/>")
        #expect(stanza.language == "cs")
        #expect(stanza.id == nil)
    }

    @Test func `RT-01, RT-02: domains are compared as XMPP compares them`() throws {
        #expect(stanza.isFrom(try DomainName("a.example")))
        #expect(stanza.isTo(try DomainName("b.example")))
        #expect(!stanza.isTo(try DomainName("a.example")))
        #expect(!stanza.isTo(try DomainName("sub.b.example")))
        #expect(stanza.senderDomain == (try DomainName("a.example")))
        let encoded = Stanza(.iq, from: "XN--MNCHEN-3YA.example", to: "münchen.example")
        #expect(encoded.isFrom(try DomainName("münchen.example")))
        #expect(encoded.senderDomain == encoded.recipientDomain)
        #expect(!encoded.hasSameDomains(as: stanza))
        #expect(stanza.hasSameDomains(as: Stanza(.iq, from: "A.example", to: "x@b.example/r")))
        #expect(!stanza.hasSameDomains(as: Stanza(.iq, from: "a.example", to: nil)))
    }

    @Test(arguments: [nil, "", "@b.example", "u@", "b.example/", "☃.example", String(repeating: "a", count: 2000)])
    func `RT-01: an address that is none has no domain`(address: String?) throws {
        let stanza = Stanza(.message, from: address, to: address)
        #expect(stanza.senderDomain == nil)
        #expect(stanza.recipientDomain == nil)
        #expect(stanza.to == address)
        #expect(!stanza.isTo(try DomainName("b.example")))
    }

    @Test(arguments: Stanza.Kind.allCases)
    func `RT-07: a bounce swaps addresses, keeps kind and id, and leaves out the payload`(kind: Stanza.Kind) throws {
        let original = Stanza(
            kind, from: "u@a.example/r", to: "v@b.example", id: "'7'", type: "set", content: Array("<x/>".utf8))
        let error = StanzaError(.remoteServerTimeout, .wait, "a < b")
        let bounce = try #require(original.returned(with: error))
        #expect(
            String(decoding: bounce.bytes, as: UTF8.self) == """
                <\(kind.elementName) from='v@b.example' to='u@a.example/r' id='&apos;7&apos;' type='error'>\
                <error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
                <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>a &lt; b</text></error>\
                </\(kind.elementName)>
                """)
        #expect(bounce.isError)
        #expect(bounce.kind == kind)
        #expect(bounce.returned(with: error) == nil)
    }

    @Test(arguments: [
        (Stanza.Kind.message, "error"), (.presence, "error"), (.iq, "error"), (.iq, "result"),
    ])
    func `RT-08: nothing answers an error or a result`(kind: Stanza.Kind, type: String) {
        let stanza = Stanza(kind, from: "a.example", to: "b.example", type: type)
        #expect(stanza.returned(with: StanzaError(.serviceUnavailable, .cancel)) == nil)
    }

    @Test func `RT-08: a type that only looks like it is answered`() {
        for type in ["results", "resul", "Error", ""] {
            #expect(Stanza(.iq, from: "a", to: "b", type: type).returned(with: StanzaError(.gone, .cancel)) != nil)
        }
        #expect(Stanza(.message, from: "a", to: "b", type: "result").returned(with: StanzaError(.gone, .cancel)) != nil)
    }

    @Test(arguments: StanzaError.Condition.allCases)
    func `RT-07: each condition is written by its name`(condition: StanzaError.Condition) {
        #expect(
            String(decoding: StanzaError(condition, .cancel).serialised, as: UTF8.self)
                == "<error type='cancel'><\(condition.rawValue) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")
    }

    @Test func `Equal bytes are equal stanzas`() {
        let other = Stanza(.message, from: "a.example", to: nil)
        #expect(other == Stanza(.message, from: "a.example", to: nil))
        #expect(other.hashValue == Stanza(.message, from: "a.example", to: nil).hashValue)
        #expect(other != stanza)
    }
}
