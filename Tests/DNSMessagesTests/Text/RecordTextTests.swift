import DNSMessages
import Testing

@Suite("Records as text")
struct RecordTextTests {
    @Test(arguments: [
        "a.example. 300 IN A 192.0.2.1",
        "a.example. 300 IN AAAA 2001:db8::1",
        ". 300 IN NS a.root-servers.example.",
        "a.example. 300 IN CNAME .",
        "a.example. 300 IN DNAME b.example.",
        "a.example. 300 IN PTR b.example.",
        "a.example. 300 IN MX 10 b.example.",
        "a.example. 300 IN SOA b.example. c\\.d.example. 4294967295 2 3 4 5",
        "_xmpp-server._tcp.a.example. 300 IN SRV 1 2 5269 b.example.",
        "a.example. 300 IN TXT \"a b;c\" \"\\\"\\\\\\000\\255\" \"\"",
        "a.example. 300 IN TLSA 3 1 1 00ff0a",
        "a.example. 300 IN DS 60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
        "a.example. 300 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
        "a.example. 300 IN RRSIG MX 15 2 3600 20150819220000 20150729220000 3613 example. AQI=",
        "a.example. 300 IN RRSIG TYPE65280 15 2 3600 20380119031408 20000229235959 3613 . AQID",
        "a.example. 300 IN NSEC b.example. A NS SOA RRSIG NSEC TYPE1234",
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 300 IN NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr A",
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 300 IN NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr",
        "example. 0 IN NSEC3PARAM 1 0 65535 -",
        "a.example. 300 IN SVCB 1 b.example. alpn=h2,h3 port=8443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
        "a.example. 300 IN SVCB 1 . mandatory=port port=53 key667=\"hello\\210\"",
        "a.example. 300 IN HTTPS 0 b.example.",
        "a.example. 300 IN TYPE65280 \\# 3 010203",
        "a.example. 300 IN TYPE65280 \\# 0",
    ])
    func `a record is written as it was read`(line: String) throws {
        #expect(try MasterFile.read(line).map(\.presentation) == [line])
    }

    @Test(arguments: [
        (RecordType.ds, "0001", "\\# 2 0001"), (.dnskey, "", "\\# 0"), (.rrsig, "00ff", "\\# 2 00ff"),
        (.nsec, "c00c", "\\# 2 c00c"), (.nsec3, "0100000000", "\\# 5 0100000000"), (.txt, "05616263", "\\# 4 05616263"),
        (.svcb, "0001", "\\# 2 0001"), (.svcb, "00010000010000", "\\# 7 00010000010000"), (.a, "00", "\\# 1 00"),
        (.tlsa, "030101", "\\# 3 030101"), (.svcb, "00010000070003e28098", "1 . dohpath=\"\\226\\128\\152\""),
    ])
    func `data without the form of their type are written as octets`(type: RecordType, data: String, text: String)
        throws
    {
        let record = DNSRecord(owner: .root, type: type, timeToLive: 1, octets: octets(hex: data))
        #expect(record.presentation == ". 1 IN \(type) \(text)")
    }
}
