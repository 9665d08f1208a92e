import Testing
import XMPPModel

@Suite("RFC 7622 §3.2 domainparts")
struct DomainNameTests {
    @Test(arguments: [
        ("EXAMPLE.com.", "example.com", "example.com"), ("localhost", "localhost", "localhost"),
        ("münchen.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("straße.example", "straße.example", "xn--strae-oqa.example"),
        ("xn--strae-oqa.example", "straße.example", "xn--strae-oqa.example"),
        ("STRASSE.example", "strasse.example", "strasse.example"),
        ("Bücher.EXAMPLE", "bücher.example", "xn--bcher-kva.example"),
        ("bu\u{308}cher.example", "bücher.example", "xn--bcher-kva.example"),
        ("例え.テスト", "例え.テスト", "xn--r8jz45g.xn--zckzah"), ("σς.example", "σς.example", "xn--3xab.example"),
        ("ab--cd.example", "ab--cd.example", "ab--cd.example"), ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("[::FFFF:1.2.3.4]", "[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"),
        ("[2001:DB8::1]", "[2001:db8::1]", "[2001:db8::1]"),
    ])
    func `CM-08: a domain has one form for the wire and one for DNS`(text: String, wire: String, dns: String) throws {
        let name = try DomainName(text)
        #expect(name.description == wire)
        #expect(name.ascii == dns)
        #expect(try DomainName(wire) == name)
        #expect(try DomainName(dns) == name)
        #expect(try DomainName(utf8: Array(text.utf8)).hashValue == name.hashValue)
        #expect(wire.utf8.elementsEqual(name.description.utf8))
    }

    /// What is plain at once, with what stands just outside of it, against the same name with a final dot, which takes the long
    /// way.
    @Test(arguments: [
        "a", "a.b", "a-b.example", "a--b.example", "ab--c.example", "ab-c-d.example", "1.example", "1.2.3.4.example",
        "1a",
        "a1", "xn-a.example", "xn.--a", "ab--cd.example", "zz--zz", "xn--a.example", "xn--mnchen-3ya.example",
        "example.xn--r8jz45g", "a.xn--", "1.2.3.4", "01.2.3.4", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.1", "a.1b", "1",
        "-",
        "-a", "a-", "a-.b", "a.-b", "a..b", ".a", "a_b", "A.b", "a.B", "a b", "a/b", "a@b", "é.b", "[::1]",
        String(repeating: "a", count: 63), String(repeating: "a", count: 64), "b." + String(repeating: "a", count: 64),
        String(repeating: "a.", count: 126) + "a", String(repeating: "a.", count: 126) + "aa",
    ])
    func `CM-08: a domain that is plain at first sight is what it would be at the second`(text: String) {
        let first = try? DomainName(text)
        // An address has no form with a final dot.
        let second = try? DomainName(text + (first?.isAddressLiteral == true ? "" : "."))
        #expect(first == second)
        #expect(first?.ascii == second?.ascii)
    }

    @Test func `CM-08: straße is never strasse`() throws {
        #expect(try DomainName("straße.example") != DomainName("strasse.example"))
    }

    @Test(arguments: [
        "", ".", "..", "a..b", ".a", " a", "a b", "a@b", "a/b", "-a.example", "a-.example", "a_b.example", "☃.example",
        "xn--n3h.example", "xn--a.example", "xn--", "xn--abc-.example", "\u{200D}a.example", "1א.example", "[1::2::3]",
        "[:::]", "[::1", "::1]", "[::+1]", "[1:2:3]", "[1:2:3:4:5:6:7:8:9]", "[::1%eth0]", "a\u{0}b", "a\nb", "a:5269",
        "b\u{3002}example", "\u{FF42}.example", "\u{2113}.example", "例え。テスト",
        "b.exa\u{AD}mple", "b.exa\u{200B}mple", "bü.exa\u{FE0F}mple", "b\u{2060}.example", "\u{FEFF}b.example",
        "ü.example\u{0}.b.example", "xn--tda.example\u{0}.b.example",
        String(repeating: "a", count: 64) + ".example", String(repeating: "abcd.", count: 60),
        String(repeating: "a.", count: 600), String(repeating: "é", count: 600),
    ])
    func `RT-01: what is no domain is refused with its reason`(text: String) {
        let error = #expect(throws: AddressError.self) { try DomainName(text) }
        #expect(error?.description.isEmpty == false)
    }

    @Test(arguments: [[0xFF], [0x61, 0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func `Bytes that are no UTF-8 are no domain`(bytes: [UInt8]) {
        #expect(throws: AddressError.invalidEncoding) { try DomainName(utf8: bytes) }
    }

    @Test func `A domain that is too long says how long it is`() {
        let long = String(repeating: "a", count: 2000)
        #expect(throws: AddressError.domainTooLong(octets: 2000)) { try DomainName(long) }
        #expect(throws: AddressError.domainTooLong(octets: 2000)) { try DomainName(utf8: Array(long.utf8)) }
    }

    @Test func `RT-02: a subdomain is another domain`() throws {
        let parent = try DomainName("a.example")
        #expect(try parent.isParent(of: DomainName("sub.a.example")))
        #expect(try parent.isParent(of: DomainName("x.sub.a.example")))
        #expect(try !parent.isParent(of: DomainName("a.example")))
        #expect(try !parent.isParent(of: DomainName("ba.example")))
        #expect(try !DomainName("sub.a.example").isParent(of: parent))
        #expect(try DomainName("sub.a.example") != parent)
    }

    @Test func `An address literal is known as one`() throws {
        #expect(try DomainName("[::1]").isAddressLiteral)
        #expect(try DomainName("192.0.2.1").isAddressLiteral)
        #expect(try !DomainName("192.0.2.example").isAddressLiteral)
        #expect(try !DomainName("a.example").isAddressLiteral)
    }

    @Test func `A pair and its reverse are two`() throws {
        let pair = try DomainPair(sender: DomainName("a.example"), target: DomainName("b.example"))
        #expect(pair.reversed != pair)
        #expect(pair.reversed.reversed == pair)
        #expect(pair.description == "a.example → b.example")
    }
}
