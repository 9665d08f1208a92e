import Configuration
import Testing

@Suite("Addresses, name servers and pins")
struct AddressTests {
    @Test(arguments: [
        ("192.0.2.7:5269", "192.0.2.7:5269"), ("[::]:5269", "[::]:5269"), ("[2001:db8::7]:1", "[2001:db8::7]:1"),
        ("[::ffff:192.0.2.1]:65535", "[::ffff:192.0.2.1]:65535"), ("[1:2:3:4:5:6:7:8]:0", "[1:2:3:4:5:6:7:8]:0"),
        ("[fe80::1%eth0]:5269", "[fe80::1%eth0]:5269"), ("[1::]:1", "[1::]:1"),
        ("[1:2:3:4:5:6:7::]:1", "[1:2:3:4:5:6:7::]:1"),
        ("[::1:2:3:4:5:6:7]:1", "[::1:2:3:4:5:6:7]:1"), ("[1:2:3:4:5:6:192.0.2.1]:1", "[1:2:3:4:5:6:192.0.2.1]:1"),
    ])
    func `an address is read and written`(text: String, written: String) {
        #expect(ConfiguredAddress(text)?.description == written)
    }

    @Test(arguments: [
        "", ":", ":1", "1.2.3.4", "1.2.3:1", "1.2.3.256:1", "1.2.3.4.5:1", "1.2.3.+4:1", "1.2.3.4:65536", "1.2.3.4:x",
        "1.2.3.4:", "1.2.3.4:-1", "[1.2.3.4]:1", "[::1]", "[::1]1", "[::1", "::1:5269", "[:::]:1", "[1::2::3]:1",
        "[1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:8:9]:1", "[:1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:]:1", "[12345::]:1",
        "[g::]:1", "[::1%]:1", "[1:2:3:4:5:6:7:192.0.2.1]:1", "[192.0.2.1::]:1", "[1:2:3:4::5:6:7:8]:1", "[]:1",
        "[+1::]:1", "a.example:1", "１.2.3.4:1",
    ])
    func `what is no address with a port is refused`(text: String) {
        #expect(ConfiguredAddress(text) == nil)
    }

    @Test func `octets are in network order, and loopback is known`() {
        #expect(ConfiguredAddress("192.0.2.7:1")?.octets == [192, 0, 2, 7])
        #expect(
            ConfiguredAddress("[2001:db8::7]:1")?.octets == [0x20, 1, 0xD, 0xB8] + Array(repeating: 0, count: 11) + [7])
        for loopback in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            #expect(ConfiguredAddress(loopback)?.isLoopback == true)
        }
        for other in ["128.0.0.1:1", "[::]:1", "[::2]:1", "0.0.0.0:1", "[::ffff:10.0.0.1]:1"] {
            #expect(ConfiguredAddress(other)?.isLoopback == false)
        }
    }

    @Test(arguments: [
        ("192.0.2.53", "192.0.2.53:53"), ("127.0.0.1:5353", "127.0.0.1:5353"), ("::1", "[::1]:53"),
        ("[::1]", "[::1]:53"), ("[::1]:5353", "[::1]:5353"), ("tls://192.0.2.53", "tls://192.0.2.53:853"),
        ("tls://192.0.2.53#DNS.example", "tls://192.0.2.53:853#dns.example"),
        ("tls://[2001:db8::1]:8853#a", "tls://[2001:db8::1]:8853#a"),
        ("tls://2001:db8::1#a", "tls://[2001:db8::1]:853#a"),
        ("https://dns.example/dns-query", "https://dns.example/dns-query"),
        ("https://dns.example", "https://dns.example/dns-query"),
        ("https://dns.example:8443/q", "https://dns.example:8443/q"),
        ("https://dns.example@192.0.2.53/dns-query", "https://dns.example@192.0.2.53/dns-query"),
        ("https://dns.example@[2001:db8::1]:8443/q{?dns}", "https://dns.example@[2001:db8::1]:8443/q"),
        ("https://192.0.2.53/dns-query", "https://192.0.2.53/dns-query"),
        ("https://[2001:db8::1]/q", "https://[2001:db8::1]/q"),
    ])
    func `a name server is read and written`(text: String, written: String) throws {
        let servers = try load("[dns]\nservers = [\"\(text)\"]\nprivacy = \"opportunistic\"\n" + tenant).dns.servers
        #expect(servers.map(\.description) == [written])
    }

    @Test func `DH-06: the URL of an HTTPS server leaves out where to connect`() throws {
        let text = "[dns]\nservers = [\"https://dns.example@192.0.2.53:8443/q\", \"https://192.0.2.54\"]\n" + tenant
        let servers = try load(text).dns.servers
        guard case .https(let named) = servers[0], case .https(let literal) = servers[1] else {
            Issue.record("not HTTPS")
            return
        }
        #expect(named.url == "https://dns.example:8443/q" && named.address?.description == "192.0.2.53:8443")
        #expect(literal.url == "https://192.0.2.54/dns-query" && literal.address?.description == "192.0.2.54:443")
    }

    @Test func `DT-05: a pin is exactly one SHA-256 in base64`() {
        let digest = PublicKeyPin(base64: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")?.digest
        #expect(digest?.prefix(4).elementsEqual([0xE3, 0xB0, 0xC4, 0x42]) == true && digest?.last == 0x55)
        for text in [
            "", "=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa-/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
        ] {
            #expect(PublicKeyPin(base64: text) == nil, "\(text)")
        }
    }
}
