import Testing

@testable import EventLoops

@Suite("A socket address")
struct SocketAddressTests {
    @Test(arguments: [
        ("192.0.2.1:5269", "192.0.2.1:5269"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::1]:5269", "[::1]:5269"),
        ("[2001:DB8:0:0::1]:65535", "[2001:db8::1]:65535"), ("[::ffff:192.0.2.1]:1", "192.0.2.1:1"),
        ("[fe80::1%2]:5269", "[fe80::1%2]:5269"), ("[fe80::1%lo]:5269", "[fe80::1%1]:5269"),
    ])
    func `an address is read and written in one form`(text: String, canonical: String) throws {
        let address = try SocketAddress(text)
        #expect(address.description == canonical)
        #expect(try SocketAddress(address.description) == address)
        #expect(
            SocketAddress(octets: address.octets, port: address.port)?.host
                == address.host.split(separator: "%").first.map(String.init))
    }

    @Test(arguments: [
        ("192.0.2.1", SocketAddressError.malformed("192.0.2.1")), ("::1:5269", .malformed("::1:5269")),
        ("[::1]", .malformed("[::1]")), ("", .malformed("")), ("[::1:80", .malformed("[::1:80")),
        ("example.org:5269", .notNumeric(host: "example.org")), (":5269", .notNumeric(host: "")),
        ("[192.0.2.1]:80", .notNumeric(host: "192.0.2.1")), ("[::1%nowhere]:80", .notNumeric(host: "::1%nowhere")),
        ("192.0.2.1:", .invalidPort("")), ("192.0.2.1:65536", .invalidPort("65536")),
        ("192.0.2.1:+80", .invalidPort("+80")), ("192.0.2.1:８０", .invalidPort("８０")),
        ("1.2.3.4\0:80", .notNumeric(host: "1.2.3.4\0")),
    ])
    func `a text that is no address says which part is wrong`(text: String, error: SocketAddressError) {
        #expect(throws: error) { try SocketAddress(text) }
    }

    @Test(arguments: [
        ("127.8.9.1", [true, false, false, false]), ("::1", [true, false, false, false]),
        ("10.0.0.1", [false, true, false, false]), ("172.16.0.1", [false, true, false, false]),
        ("172.31.255.255", [false, true, false, false]), ("172.32.0.1", [false, false, false, false]),
        ("192.168.3.4", [false, true, false, false]), ("192.169.0.1", [false, false, false, false]),
        ("100.64.0.1", [false, true, false, false]), ("100.127.255.255", [false, true, false, false]),
        ("100.128.0.1", [false, false, false, false]), ("169.254.169.254", [false, true, false, false]),
        ("fd00::1", [false, true, false, false]), ("fc00::1", [false, true, false, false]),
        ("fe80::1", [false, true, false, false]), ("fec0::1", [false, false, false, false]),
        ("2001:db8::1", [false, false, false, false]), ("0.0.0.0", [false, false, true, false]),
        ("::", [false, false, true, false]), ("224.0.0.251", [false, false, false, true]),
        ("ff02::fb", [false, false, false, true]), ("8.8.8.8", [false, false, false, false]),
        ("::ffff:10.0.0.1", [false, true, false, false]),
    ])
    func `an address knows its range`(host: String, expected: [Bool]) throws {
        let address = try SocketAddress(host: host, port: 0)
        #expect([address.isLoopback, address.isPrivate, address.isUnspecified, address.isMulticast] == expected)
    }

    @Test func `limits count IPv4 by address and IPv6 by its upper half`() throws {
        let prefixes = try ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:1:ff::9", "2001:db8:0:2::1"]
            .map { try SocketAddress(host: $0, port: 1).prefix64 }
        #expect(Set(prefixes).count == 4 && prefixes[2] == prefixes[3])
        #expect(prefixes.map(\.description).prefix(3) == ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::/64"])
    }

    @Test func `only 4 or 16 octets are an address`() {
        for count in 0...20 where count != 4 && count != 16 {
            #expect(SocketAddress(octets: [UInt8](repeating: 1, count: count), port: 1) == nil)
        }
    }
}
