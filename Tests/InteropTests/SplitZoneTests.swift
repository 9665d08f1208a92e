import DNSMessages
import DNSTransport
import Demonstration
import Glibc
import NameResolution
import TestSupport
import Testing

extension Interop {
    /// Scenario `12-split-zones`: `corp.test` is known to a server inside only, and everything else to one outside.
    @Suite("12: Split zones")
    struct SplitZoneTests {
        private static let scenario = "12-split-zones"

        private static func run(
            validation: ResolutionZone.Validation,
            _ body: (ResolverUnderTest, _ outside: Forwarder, _ inside: EmbeddedNameServer) throws -> Void
        ) throws {
            let network = try DNSNetwork(
                scenario: scenario, zones: [.signed("test"), .signed("a.test"), .signed("xcorp.test")])
            let outside = try Forwarder(to: network.clear)
            let corporate = try SignedHierarchy(
                [try DNSNetwork.zone(.signed("corp.test"), of: scenario)], now: Int64(time(nil)))
            let apex = try DNSName("corp.test")
            let inside = try EmbeddedNameServer(zones: corporate.zones.filter { $0.origin == apex })
            let zones = [
                ResolutionZone(name: .root, servers: [0]),
                ResolutionZone(name: apex, servers: [1], validation: validation),
            ]
            let resolver = try ResolverUnderTest(
                [outside.clear, .cleartext(inside.address)], zones: zones,
                anchor: network.hierarchy.anchorText + (validation == .local ? corporate.anchorText(of: apex) : ""))
            try network.showingLogs { try body(resolver, outside, inside) }
        }

        @Test(arguments: [ResolutionZone.Validation.local, .off])
        func `EN-04, EN-05: an internal name is never asked about outside, and no other name inside`(
            validation: ResolutionZone.Validation
        ) throws {
            try Self.run(validation: validation) { resolver, outside, inside in
                let status: SecurityStatus = validation == .local ? .secure : .insecure
                for (name, type) in [
                    ("www.corp.test", RecordType.a), ("_xmpp-server._tcp.corp.test", .srv),
                    ("_5269._tcp.www.corp.test", .tlsa),
                ] {
                    let answer = try resolver.resolve(name, type)
                    #expect(answer.security == status && answer.records.count == 1, "\(answer)")
                }
                let absent = try resolver.resolve("_xmpps-server._tcp.nobody.corp.test", .srv)
                #expect(absent.content == .nameDoesNotExist && absent.security == status)
                // The alias leads outside, where its end is asked about; the name that it stands at is not.
                let alias = try resolver.resolve("out.corp.test", .a)
                #expect(
                    alias.records.map(\.owner.description) == ["www.a.test"] && alias.security == status, "\(alias)")
                #expect(try resolver.resolve("www.xcorp.test", .a).security == .secure)

                let apex = try DNSName("corp.test")
                #expect(!inside.queries.isEmpty && !outside.server.queries.isEmpty)
                #expect(inside.queries.allSatisfy { $0.question.name.isAtOrBelow(apex) })
                #expect(!outside.server.queries.contains { $0.question.name.isAtOrBelow(apex) })
            }
        }

        @Test func `EN-04: when the server inside fails, nobody else is asked`() throws {
            try Self.run(validation: .local) { resolver, outside, inside in
                inside.setFault(.serverFailure)
                let answer = try resolver.resolve("www.corp.test", .a)
                #expect(answer.failure == .serverAnswered(.serverFailure), "\(answer)")
                #expect(outside.server.queries.isEmpty)
            }
        }
    }
}
