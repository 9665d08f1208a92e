import HTTPExchange
import Testing

@Suite("URLs")
struct HTTPURLTests {
    @Test(arguments: [
        ("https://dns.example/dns-query", "dns.example", 443, "/dns-query"),
        ("HTTPS://DNS.Example:8443?x=y#z", "dns.example", 8443, "/?x=y"),
        ("https://192.0.2.1", "192.0.2.1", 443, "/"),
        ("https://[2001:DB8::1]:853/a", "2001:db8::1", 853, "/a"),
        ("https://a.example:/", "a.example", 443, "/"),
        ("https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example", 443, "/%C3%BC"),
    ])
    func `a URL is taken apart`(text: String, host: String, port: UInt16, target: String) throws {
        let url = try HTTPURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(try HTTPURL(url.description) == url)
    }

    @Test(arguments: [
        ("http://dns.example/", HTTPURLError.notHTTPS), ("dns.example", .notHTTPS), ("", .notHTTPS),
        ("ftp://a.example", .notHTTPS), ("https:/a.example", .notHTTPS),
        ("https://user@a.example/", .userInformation), ("https://a.example@b.example", .userInformation),
        ("https:///path", .badHost("")), ("https://127.1/", .badHost("127.1")),
        ("https://0x7f000001/", .badHost("0x7f000001")),
        ("https://2130706433/", .badHost("2130706433")), ("https://a..example/", .badHost("a..example")),
        ("https://a.example./", .badHost("a.example.")), ("https://[fe80::1%1]/", .badHost("fe80::1%1")),
        ("https://[a.example]/", .badHost("a.example")), ("https://a%2eb/", .badHost("a%2eb")),
        ("https://a.example:0/", .badPort("0")), ("https://a.example:65536/", .badPort("65536")),
        ("https://a.example:+1/", .badPort("+1")),
        ("https://a.example/ b", .forbiddenCharacter), ("https://a.example/\r\nX", .forbiddenCharacter),
        ("https://a.example\\@b.example/", .forbiddenCharacter), ("https://bücher.example/", .forbiddenCharacter),
        ("https://a.example/{?dns}", .forbiddenCharacter), ("https://a.example/\u{0}", .forbiddenCharacter),
    ])
    func `DH-03: what is not one https server is refused`(text: String, error: HTTPURLError) {
        #expect(throws: error) { try HTTPURL(text) }
    }

    @Test func `a URL without end is refused`() {
        #expect(throws: HTTPURLError.tooLong) {
            try HTTPURL("https://a.example/" + String(repeating: "a", count: 9000))
        }
    }

    @Test(arguments: [
        ("https://b.example/x", "https://b.example/x"), ("/x?y", "https://a.example:8443/x?y"),
        ("//b.example/x", "https://b.example/x"), ("x", "https://a.example:8443/one/x"),
        ("../x", "https://a.example:8443/x"), ("../../../x", "https://a.example:8443/x"),
        ("?x", "https://a.example:8443/one/two?x"), ("", "https://a.example:8443/one/two?q"),
        ("./x/./y/..", "https://a.example:8443/one/x/"), ("/x#y", "https://a.example:8443/x"),
    ])
    func `a location is seen from the URL that answered`(location: String, expected: String) throws {
        let base = try HTTPURL("https://a.example:8443/one/two?q")
        #expect(try base.resolving(location).description == expected)
    }

    @Test(arguments: ["http://a.example/", "javascript:alert(1)", "https://u@a.example/", "//127.1/"])
    func `a location that leads away from https is refused`(location: String) throws {
        let base = try HTTPURL("https://a.example/")
        #expect(throws: HTTPURLError.self) { try base.resolving(location) }
    }

    @Test func `an origin is scheme, host and port`() throws {
        let url = try HTTPURL("https://a.example/x")
        #expect(url.hasSameOrigin(as: try HTTPURL("https://A.example:443/y")))
        #expect(!url.hasSameOrigin(as: try HTTPURL("https://a.example:444/x")))
        #expect(!url.hasSameOrigin(as: try HTTPURL("https://b.example/x")))
    }
}
