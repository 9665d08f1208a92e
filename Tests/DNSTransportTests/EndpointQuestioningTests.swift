import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import Testing
import XMPPModel

@Suite("All that DNS says of an endpoint", .timeLimit(.minutes(1)))
struct EndpointQuestioningTests {
    private static let record = "3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

    private static func asker() throws -> HierarchyAsker {
        try HierarchyAsker([
            .signed("test"),
            .signed(
                "safe.test",
                """
                _xmpps-server._tcp SRV 0 0 5270 host
                host A 192.0.2.1
                host AAAA 2001:db8::1
                _5270._tcp.host TLSA \(record)
                alias CNAME host
                bare A 192.0.2.2
                """),
            .unsigned(
                "plain.test", "_xmpps-server._tcp SRV 0 0 5270 host\nhost A 192.0.2.3\n_5270._tcp.host TLSA \(record)"),
        ])
    }

    @Test
    func `DO-06: all that DNS says of a signed domain is secure, and asked for when it is needed`()
        async throws
    {
        let asker = try Self.asker()
        let services = try await asker.services(of: "safe.test")
        let endpoint = try #require(services.endpoints.first)
        #expect(endpoint.security == .secure)
        let early = asker.asked
        #expect(early.contains("_xmpp-server._tcp.safe.test SRV") && !early.contains { $0.hasSuffix("TLSA") })
        let (addresses, found) = await asker.facts(of: endpoint)
        #expect(addresses.count == 2 && addresses.allSatisfy { $0.security == .secure && $0.addresses.count == 1 })
        #expect(found?.records.count == 1 && found?.security == .secure && found?.base.description == "host.safe.test")
        // Once, though it was expected, and asked for again.
        #expect(asker.asked.filter { $0 == "_5270._tcp.host.safe.test TLSA" }.count == 1)
    }

    @Test func `TLSA records stand below the end of secure aliases, and their absence is proved`() async throws {
        let asker = try Self.asker()
        let alias = try await asker.tlsaRecords(of: "alias.safe.test", port: 5270)
        #expect(alias.records.count == 1 && alias.base.description == "host.safe.test")
        let none = try await asker.tlsaRecords(of: "bare.safe.test", port: 5270)
        #expect(none.records.isEmpty && none.security == .secure && none.failure == nil)
    }

    @Test func `nothing is asked about TLSA where it would prove nothing`() async throws {
        let asker = try Self.asker()
        let services = try await asker.services(of: "plain.test")
        let endpoint = try #require(services.endpoints.first)
        #expect(endpoint.security == .insecure)
        let (addresses, found) = await asker.facts(of: endpoint)
        #expect(addresses.count == 2 && found == nil)
        #expect(!asker.asked.contains { $0.hasSuffix("TLSA") })
    }

    @Test func `all of it under validation over TLS, with signatures wanted and nothing left to the server`()
        async throws
    {
        let asker = try Self.asker()
        _ = try await asker.services(of: "safe.test")
        #expect(asker.queries.allSatisfy { $0.transport == .tls && $0.wantsSignatures && $0.disablesChecking })
        #expect(asker.queries.allSatisfy { $0.octets % 128 == 0 })
    }
}
