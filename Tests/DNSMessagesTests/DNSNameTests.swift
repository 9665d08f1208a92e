import DNSMessages
import Testing
import XMPPModel

@Suite("Names")
struct DNSNameTests {
    @Test(arguments: [
        ("Example.COM", "example.com"), ("example.com.", "example.com"), (".", "."),
        ("_xmpp-server._tcp.example", "_xmpp-server._tcp.example"), ("a\\.b.example", "a\\.b.example"),
        ("a\\032b.example", "a\\032b.example"), ("\\065.example", "a.example"),
    ])
    func `a name is read and written in one canonical form`(text: String, canonical: String) throws {
        #expect(try DNSName(text).description == canonical)
        #expect(try DNSName(DNSName(text).description) == DNSName(text))
    }

    @Test func `DN-01: an internationalised domain becomes its A-labels`() throws {
        let domain = try DomainName("münchen.example")
        #expect(try DNSName(domain).description == "xn--mnchen-3ya.example")
    }

    @Test(arguments: [
        ("", DNSNameError.emptyLabel), ("a..b", .emptyLabel), (".a", .emptyLabel), ("a\\", .malformed),
        ("a\\25", .malformed), ("a\\256", .malformed), ("münchen.example", .notASCII), ("a b", .notASCII),
        (String(repeating: "a", count: 64), .labelTooLong(octets: 64)),
        (
            Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
            .nameTooLong(octets: 257)
        ),
    ])
    func `what is no name is refused with the rule`(text: String, error: DNSNameError) {
        #expect(throws: error) { try DNSName(text) }
    }

    @Test(
        arguments: [[], [1], [1, 97], [64] + [UInt8](repeating: 97, count: 64) + [0], [0, 0], [0xC0, 12]] as [[UInt8]])
    func `wire octets that are not one name are refused`(wire: [UInt8]) {
        #expect(throws: DNSNameError.self) { try DNSName(wire: wire) }
    }

    @Test func `a name knows its ancestors`() throws {
        let child = try name("a.b.example")
        #expect(try child.isAtOrBelow(name("b.example")))
        #expect(child.isAtOrBelow(child))
        #expect(child.isAtOrBelow(.root))
        #expect(try !child.isAtOrBelow(name("xb.example")))
        // A label that ends in the octets of a name is not below it.
        let disguised = try DNSName(wire: [9, 120, 7] + Array("example".utf8) + [0])
        #expect(try !disguised.isAtOrBelow(name("example")))
        #expect(try child.parent == name("b.example"))
        #expect(DNSName.root.parent == nil)
        #expect(try name("example").prefixed(by: "_TCP").description == "_tcp.example")
        #expect(throws: DNSNameError.emptyLabel) { try child.prefixed(by: "") }
    }

    @Test func `a type is known by its mnemonic or its number`() {
        #expect(RecordType("srv") == .srv)
        #expect(RecordType("TYPE65") == RecordType(rawValue: 65))
        #expect(RecordType("nonsense") == nil)
        #expect(RecordType(rawValue: 65).description == "HTTPS" && RecordType(rawValue: 66).description == "TYPE66")
    }

    @Test func `a status is as weak as its weakest part`() {
        #expect(SecurityStatus.secure.combined(with: .insecure) == .insecure)
        #expect(SecurityStatus.bogus.combined(with: .secure) == .bogus)
        #expect(SecurityStatus.secure.combined(with: .secure) == .secure)
    }
}
