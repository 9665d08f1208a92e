import DNSMessages
import Testing

@Suite("Service bindings (RFC 9460)")
struct ServiceBindingTests {
    private static let foo = "03666f6f076578616d706c6503636f6d00"
    private static let fooOrganisation = "03666f6f076578616d706c65036f726700"

    private static func record(_ hex: String, owner: DNSName = .root) -> DNSRecord {
        DNSRecord(owner: owner, type: .svcb, timeToLive: 60, octets: octets(hex: hex))
    }

    /// The vectors of the specification, and those for name servers.
    @Test(
        arguments: [
            ("0000\(foo)", "0 foo.example.com."), ("000100", "1 ."),
            ("0010\(foo)000300020035", "16 foo.example.com. port=53"),
            ("0001\(foo)029b000568656c6c6f", "1 foo.example.com. key667=\"hello\""),
            ("0001\(foo)029b000968656c6c6fd2716f6f", "1 foo.example.com. key667=\"hello\\210qoo\""),
            (
                "0001\(foo)0006002020010db800000000000000000000000120010db8000000000000000000530001",
                "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1"
            ),
            (
                "0010\(fooOrganisation)0000000400010004000100090268320568332d31390004 0004c0000201",
                "16 foo.example.org. mandatory=alpn,ipv4hint alpn=h2,h3-19 ipv4hint=192.0.2.1"
            ),
            (
                "0010\(fooOrganisation)0001000c08665c6f6f2c626172026832",
                "16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""
            ),
            (
                "000103646f68076578616d706c65036e65740000010003026832000700102f646e732d71756572797b3f646e737d",
                "1 doh.example.net. alpn=h2 dohpath=/dns-query{?dns}"
            ),
            (
                "000103646f74076578616d706c65036e6574000001000403646f74000300022152",
                "1 dot.example.net. alpn=dot port=8530"
            ),
            ("0001000002000000", nil), ("00010000010004 03646f74 00020000", "1 . alpn=dot no-default-alpn"),
        ] as [(String, String?)])
    func `DD-06: the vectors are read, written and rebuilt`(hex: String, text: String?) throws {
        let record = Self.record(hex)
        guard let text else {
            #expect(ServiceBinding(record) == nil)
            return
        }
        let binding = try #require(ServiceBinding(record))
        #expect(record.presentation == ". 60 IN SVCB \(text)")
        #expect(binding.record(owner: .root, timeToLive: 60) == record)
        let rebuilt = ServiceBinding(
            priority: binding.priority, target: binding.target, parameters: binding.parameters.reversed())
        #expect(rebuilt == binding)
    }

    @Test func `DD-06: the parameters of a name server are read`() throws {
        let hints = [try #require(IPAddress("192.0.2.1")), try #require(IPAddress("2001:db8::1"))]
        let binding = try #require(
            ServiceBinding(
                priority: 1, target: try name("dns.example"),
                parameters: [
                    .port(8443), .applicationProtocols(["h2", "dot"]), .httpsPath("/q{?dns}"), .mandatory([.port]),
                    .addressHints(.v4, hints), .addressHints(.v6, hints),
                ]))
        let read = try #require(ServiceBinding(binding.record(owner: .root, timeToLive: 1)))
        #expect(read == binding && !read.isAlias && !read.hasNoDefaultProtocol)
        #expect(read.port == 8443 && read.applicationProtocols == ["h2", "dot"] && read.httpsPath == "/q{?dns}")
        #expect(read.mandatoryKeys == [.port] && read.addressHints4 == [hints[0]] && read.addressHints6 == [hints[1]])
        #expect(ServiceBinding(DNSRecord(owner: .root, type: .txt, timeToLive: 1, octets: [0, 1, 0])) == nil)
    }

    @Test(arguments: [
        "", "00", "0001", "0001c00c", "00014100", "000100 0001", "000100 00010002", "000100 0001000302683200",
        // The same key twice, and keys out of order.
        "000100 007b0003616263 007b0003646566", "000100 00030002003500010003026832",
        // Values that are missing: mandatory, alpn, port and both hints; one that is too much.
        "000100 00000000", "000100 00010000", "000100 00030000", "000100 00040000", "000100 00060000",
        "000100 0001000302683200020001 00", "000100 00020000",
        // Wrong lengths, an empty protocol, a path that is not UTF-8.
        "000100 0003000100", "000100 00030003000035", "000100 00040005c000020100", "000100 0006000420010db8",
        "000100 00010002 0568", "000100 0001000100", "000100 00070001ff",
        // mandatory: a key that is missing, itself, twice, not in order, half.
        "000100 00000002007b", "000100 000000020000", "000100 00000004007b007b007b0003616263",
        "000100 0000000400030001 00010003026832 000300020035", "000100 0000000100",
    ])
    func `DD-06: a malformed record voids the set`(hex: String) throws {
        let malformed = Self.record(hex)
        #expect(ServiceBinding(malformed) == nil)
        let good = Self.record("000100 00010003026832")
        #expect(ServiceBinding.usable(in: [good, malformed], recognizing: [.applicationProtocols]).isEmpty)
        #expect(ServiceBinding.usable(in: [good], recognizing: [.applicationProtocols]).count == 1)
    }

    @Test func `DD-06: the lower number is first, aliases go alone, unknown mandatory keys make a record unusable`()
        throws
    {
        let records = [
            "000300 00010003026832", "000100 00010003026832", "000200 0000000200 03 000300020035",
            "000100 0000000201bb 01bb0000", "0002 0161 00",
        ].map { Self.record($0) }
        let all: Set<ServiceParameter.Key> = [.applicationProtocols, .port, .mandatory]
        #expect(ServiceBinding.usable(in: records, recognizing: all).map(\.priority) == [1, 2, 2, 3])
        let few = ServiceBinding.usable(in: records, recognizing: [.applicationProtocols])
        #expect(few.map(\.priority) == [1, 2, 3])
        let alias = Self.record("0000\(Self.foo)")
        #expect(ServiceBinding.usable(in: records + [alias], recognizing: all).map(\.isAlias) == [true])
        #expect(ServiceBinding.usable(in: [], recognizing: all).isEmpty)
    }

    @Test(arguments: [
        ("/dns-query{?dns}", true), ("/q{&dns}", true), ("/{dns}", true), ("/q{?a,dns*}", true),
        ("/q{?dns:9}{x}", true),
        ("/dns-query", false), ("/q?dns", false), ("/q{?dnssec}", false), ("q{?dns}", false), ("/q{?dns", false),
        ("", false), ("https://x/{?dns}", false), ("/{}", false),
    ])
    func `DD-06: a path has to have the variable for the message`(path: String, isUsable: Bool) throws {
        let binding = try #require(ServiceBinding(priority: 1, target: .root, parameters: [.httpsPath(path)]))
        #expect(binding.httpsPath == (isUsable ? path : nil))
    }
}
