import Testing
import XMLStreaming
import XMPPModel

/// Bytes that close a stream, and why.
struct Hostile: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let condition: StreamError.Condition
    let testDescription: String

    init(_ text: String, _ condition: StreamError.Condition) {
        bytes = Array(text.utf8)
        self.condition = condition
        testDescription = text
    }

    init(_ before: String, bytes: [UInt8], _ after: String, _ condition: StreamError.Condition) {
        self.bytes = Array(before.utf8) + bytes + Array(after.utf8)
        self.condition = condition
        testDescription = before + bytes.map { String($0, radix: 16) }.joined(separator: " ")
    }

    static let malformed: [Hostile] =
        [
            "<message><body></message>", "<message><foo:body/></message>", "<message foo:a='1'/>",
            "<message a='1' a='2'/>",
            "<message xmlns:p='urn:x' xmlns:q='urn:x' p:a='1' q:a='2'/>", "<message><p:b xmlns:p=''/></message>",
            "<message>\u{1}</message>", "<message a='\u{1}'/>", "<message>&</message>", "<message>a & b</message>",
            "<message>&#0;</message>", "<message>&#xD800;</message>", "<message>]]></message>", "<message a=1/>",
            "<message a='<'/>", "<message a/>", "<message a='1'b='2'/>", "<message a='1' / >", "</message>", "<>",
            "</>",
            "< message/>", "<message><a></b></message>", "<message xmlns:xml='urn:x'/>",
            "<message xmlns:xmlns='urn:x'/>",
            "<message xmlns='http://www.w3.org/2000/xmlns/'/>", "<message>\u{FFFE}</message>", "<1/>", "<message><",
            "<?xml version='1.0'?><message/>", "<message><?xml version='1.0'?></message>", "&", "\u{1}", "<a:b:c/>",
            "<message><![CDAT[x]]></message>", "<message ><<", "<message a:b:c='1'/>", "<message :a='1'/>",
            "<message xmlns:='x'/>",
            "<message a='&lt'/>", "<message a='&#xFFFFFFFFF;'/>",
        ].map { text in
            // Some are closed on purpose: a fault that shows only in a complete tag has one.
            Hostile(Opening.plain + text + (text.hasSuffix("<") ? " " : ""), .notWellFormed)
        } + [
            Hostile("hello", .notWellFormed), Hostile("GET / HTTP/1.1\r\n", .notWellFormed),
            Hostile("", bytes: [0xEF, 0xBB, 0xBF], Opening.plain, .notWellFormed),
            Hostile("<?xml version='1.0' ?><?xml version='1.0'?>" + Opening.plain, .notWellFormed),
            Hostile("<?xml encoding='UTF-8'?>" + Opening.plain, .notWellFormed),
            Hostile("</stream:stream>", .notWellFormed),
            Hostile("<stream:stream>", .notWellFormed), Hostile("<stream:stream xmlns:stream=''>", .notWellFormed),
            Hostile("<s:stream xmlns:s='urn:x' s:a='1' s:a='1'>", .notWellFormed),
            Hostile("", bytes: [0x16, 0x03, 0x01], "", .notWellFormed),
        ]

    static let restricted: [Hostile] =
        [
            "<!-- x -->", "<?pi x?>", "<!DOCTYPE a [<!ENTITY e 'x'>]>", "<!ENTITY e 'x'>", "&e;",
            "<message>&e;</message>",
            "<message a='&e;'/>", "<message><!-- x --></message>", "<message><?pi x?></message>",
            "<message>&nbsp;</message>",
            "<message><body/><!DOCTYPE a></message>", "<?xml-stylesheet x?>", "<message>text<!---->",
        ].map { Hostile(Opening.plain + $0, .restrictedXML) } + [
            Hostile("<!DOCTYPE a [<!ENTITY e 'x'>]>" + Opening.plain, .restrictedXML),
            Hostile("<!-- x -->" + Opening.plain, .restrictedXML), Hostile("<?pi?>" + Opening.plain, .restrictedXML),
            Hostile("<?xml version='1.0'?><!DOCTYPE a>" + Opening.plain, .restrictedXML),
            Hostile("<stream:stream xmlns:stream='&e;'>", .restrictedXML),
        ]

    static let wrongEncoding: [Hostile] =
        [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF],
            [0xF0, 0x80, 0x80, 0x80],
        ].flatMap { bytes in
            [
                Hostile(Opening.plain + "<message><body>a", bytes: bytes, "b</body></message>", .unsupportedEncoding),
                Hostile(Opening.plain + "<message a='", bytes: bytes, "b'/>", .unsupportedEncoding),
                Hostile(Opening.plain + "<message><![CDATA[", bytes: bytes, "b]]></message>", .unsupportedEncoding),
                Hostile(Opening.plain, bytes: bytes, "b", .unsupportedEncoding),
            ]
        } + [
            Hostile("<?xml version='1.0' encoding='UTF-16'?>" + Opening.plain, .unsupportedEncoding),
            Hostile("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + Opening.plain, .unsupportedEncoding),
            Hostile("", bytes: [0xFE, 0xFF, 0x00, 0x3C], "", .unsupportedEncoding),
            Hostile("", bytes: [0xFF, 0xFE, 0x3C, 0x00], "", .unsupportedEncoding),
            Hostile("", bytes: [0x00, 0x3C, 0x00, 0x73], "", .unsupportedEncoding),
            Hostile("", bytes: [0x3C, 0x00, 0x73, 0x00], "", .unsupportedEncoding),
        ]

    static let others: [Hostile] = [
        Hostile("<?xml version='1.1'?>" + Opening.plain, .unsupportedVersion),
        Hostile(Opening.plain + "text", .invalidXML), Hostile(Opening.plain + "<![CDATA[x]]>", .invalidXML),
        Hostile(Opening.plain + "&#x41;", .invalidXML), Hostile(Opening.plain + "\u{FEFF}<presence/>", .invalidXML),
        Hostile(
            Opening.plain + "<foo:message xmlns:foo='jabber:server'><foo:body>x</foo:body></foo:message>",
            .badNamespacePrefix),
        Hostile(
            Opening.plain + "<message><foo:body xmlns:foo='jabber:server'>x</foo:body></message>", .badNamespacePrefix),
    ]
}

@Suite("Restricted XML (RFC 6120 §11)")
struct RestrictedXMLTests {
    @Test(arguments: Hostile.malformed)
    func `XS-13: what is not well-formed closes the stream`(_ hostile: Hostile) { check(hostile) }

    @Test(arguments: Hostile.restricted)
    func `XS-14: comments, instructions, DTDs and entities close the stream`(_ hostile: Hostile) { check(hostile) }

    @Test(arguments: Hostile.wrongEncoding)
    func `XS-15: only UTF-8 is read`(_ hostile: Hostile) { check(hostile) }

    @Test(arguments: Hostile.others)
    func `XS-09, XS-16: other faults have conditions of their own`(_ hostile: Hostile) { check(hostile) }

    /// Whole, in two pieces and one by one, and with a good stanza behind it that is never seen.
    private func check(_ hostile: Hostile) {
        let answers = everyDivision(hostile.bytes + Array("<presence/>".utf8))
        #expect(answers.count == 1, "\(answers)")
        for said in answers {
            #expect(said.last?.error?.condition == hostile.condition, "\(said)")
            #expect(said.compactMap(\.stanza).isEmpty)
            #expect(said.count <= 2)
        }
    }

    @Test(arguments: [
        "<message>&lt;&gt;&amp;&apos;&quot;&#x41;&#65;<![CDATA[<&x;]]></message>",
        "<message>\u{FEFF}\u{FEFF}</message>",
        "<message a='&lt;&#10;'/>", "<message>\t\r\n\u{85}\u{7F}</message>", "<message xmlns:p='not a URI' p:a='1'/>",
        "<message><x xmlns='relative'/><y xmlns=''/></message>", "<message a = '1' ></message >",
        "<message><\u{E9}l\u{E9}ment/><\u{E9}>x</\u{E9}><\u{10000} \u{20AC}\u{E9}='1'/></message>",
        "<message>]] ></message>", "<message xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
    ])
    func `XS-13 to XS-16: what is legal reaches the recipient unchanged`(stanza: String) {
        #expect(everyDivision(Array((Opening.plain + stanza).utf8)).map { $0.last?.stanza } == [stanza])
    }

    @Test(arguments: [
        "<?xml version='1.0' standalone='no'?>", "<?xml version='1.0' standalone='yes'?>",
        "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\r\n", "<?xml version='1.0'?>", "",
    ])
    func `XS-16: a declaration of XML 1.0 in UTF-8 is read, whatever it says of standalone`(declaration: String) {
        #expect(everyDivision(Array((declaration + Opening.plain + "<iq/>").utf8)).map(\.count) == [2])
    }
}
