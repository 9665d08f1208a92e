import Testing
import XMPPModel

@Suite("RFC 7622 §3.1 addresses")
struct JabberIDTests {
    @Test(arguments: [
        ("a.example", nil, "a.example", nil), ("u@a.example", "u", "a.example", nil),
        ("u@A.example/Room 1", "u", "a.example", "Room 1"), ("a.example/x@y/z", nil, "a.example", "x@y/z"),
        ("u@a.example/", nil, nil, nil), ("d\\27artagnan@a.example", "d\\27artagnan", "a.example", nil),
        ("é@münchen.example/😀", "é", "münchen.example", "😀"), ("u@a.example/a@b", "u", "a.example", "a@b"),
        (String(repeating: "u", count: 1023) + "@a.example", String(repeating: "u", count: 1023), "a.example", nil),
        ("u@[::1]/r", "u", "[::1]", "r"), ("u@127.0.0.1", "u", "127.0.0.1", nil),
    ])
    func `RT-01: an address is split at the first slash and the first at-sign`(
        text: String, local: String?, domain: String?, resource: String?
    ) throws {
        guard let domain else {
            #expect(throws: AddressError.self) { try JabberID(text) }
            return
        }
        let address = try JabberID(text)
        #expect(address.localpart == local)
        #expect(address.domain == (try DomainName(domain)))
        #expect(address.resourcepart == resource)
        #expect(try JabberID(address.description) == address)
    }

    @Test(arguments: [
        ("", AddressError.emptyDomain), ("@b.example", .invalidLocalpart), ("u@", .emptyDomain), ("u@/r", .emptyDomain),
        ("/r", .emptyDomain), ("u@b.example/", .invalidResourcepart), ("u v@b.example", .invalidLocalpart),
        ("u\"@b.example", .invalidLocalpart), ("u&@b.example", .invalidLocalpart), ("u'@b.example", .invalidLocalpart),
        ("u:@b.example", .invalidLocalpart), ("u<@b.example", .invalidLocalpart), ("u>@b.example", .invalidLocalpart),
        ("u\u{1}@b.example", .invalidLocalpart), ("u\u{7F}@b.example", .invalidLocalpart),
        ("u@b.example/\u{1}", .invalidResourcepart), ("u@b.example/\u{7F}", .invalidResourcepart),
        ("u@v@b.example", .disallowedCodePoint("v@b.example")), ("u@b .example", .disallowedCodePoint("b .example")),
        ("u@b\u{7F}.example/r", .disallowedCodePoint("b\u{7F}.example")),
        ("b\n.example", .disallowedCodePoint("b\n.example")),
        (String(repeating: "u", count: 1024) + "@b.example", .invalidLocalpart),
        ("b.example/" + String(repeating: "u", count: 1024), .invalidResourcepart),
        ("u@" + String(repeating: "b", count: 1024), .domainTooLong(octets: 1024)),
    ])
    func `RT-01: what is no address is refused with its reason`(text: String, error: AddressError) {
        #expect(throws: error) { try JabberID(text) }
        #expect(throws: error) { try AddressSyntax.split(Array(text.utf8)) }
        // The same without contiguous storage.
        #expect(throws: error) { try AddressSyntax.split(Array(text.utf8).reversed().reversed()) }
    }
}
