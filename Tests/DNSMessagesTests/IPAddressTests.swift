import DNSMessages
import Testing

@Suite("Addresses in text")
struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:DB8::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:0db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `an address is written in the form of RFC 5952`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
        #expect(IPAddress(canonical) == IPAddress(text))
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "example.com", ":", ":::", "1::2::3", "1:2",
        "1:2:3:4:5:6:7:8:9", "12345::", "::g", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "[::1", "::1]", "1:2:3:4:5:6:7:8::",
        "::+1", "1.2.3.4::", ":1:2:3:4:5:6:7", "fe80::1%eth0",
    ])
    func `what is no address is not taken for one`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `octets come back as they were`() {
        let four: [UInt8] = [192, 0, 2, 1]
        let sixteen: [UInt8] = Array(0..<16)
        #expect(IPAddress(octets: four)?.octets == four)
        #expect(IPAddress(octets: sixteen)?.octets == sixteen)
        #expect(IPAddress(octets: four)?.family == .v4)
        #expect(IPAddress(octets: [1, 2, 3]) == nil)
    }
}
