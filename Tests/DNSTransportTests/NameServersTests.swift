import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import Testing

@Suite("Name servers and zones in text")
struct NameServersTests {
    @Test func `resolv.conf names servers and how patiently to ask`() {
        let servers = NameServers(
            resolverConfiguration: """
                # made by something
                search example.com
                nameserver 192.0.2.53
                nameserver	2001:db8::53
                nameserver nonsense
                nameserver 192.0.2.54
                nameserver 192.0.2.55
                options edns0 timeout:2 attempts:4 ndots:1 rotate timeout:x
                """)
        #expect(servers.addresses.map(\.description) == ["192.0.2.53:53", "[2001:db8::53]:53", "192.0.2.54:53"])
        #expect(servers.limits.tryTimeout == .seconds(2))
        #expect(servers.limits.rounds == 4)
    }

    @Test(arguments: ["", "options timeout:99999 attempts:99999", "nameserver"])
    func `without a server it is this host, and the patience has bounds`(text: String) {
        let servers = NameServers(resolverConfiguration: text)
        #expect(servers.addresses.map(\.description) == ["127.0.0.1:53"])
        #expect(servers.limits.tryTimeout <= .seconds(30) && servers.limits.rounds <= 5)
        #expect(servers.limits.overall >= servers.limits.tryTimeout)
    }

    @Test(arguments: [
        "host NONSENSE 1", "host A 2001:db8::1", "host A", "host SRV 1 2 x target", "host TYPE65 010203",
        "host TYPE65 \\# 3 0102xx", "ho..st A 192.0.2.1", "$TTL soon",
    ])
    func `a zone that cannot be read is refused with the line`(line: String) {
        do throws(ZoneTextError) {
            _ = try EmbeddedZone(origin: "example", text: "; a comment\n\(line)")
            Issue.record("accepted")
        } catch {
            guard case .badLine(2, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
