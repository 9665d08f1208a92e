import DNSMessages
import Demonstration
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@Suite("The embedded name server", .timeLimit(.minutes(1)))
struct EmbeddedNameServerTests {
    private static let hierarchy = Result {
        try SignedHierarchy(
            [
                .signed("test"), .signed("a.test", "www A 192.0.2.1\nout CNAME www.b.test.\naway CNAME www.elsewhere."),
                .unsigned("b.test", "www A 192.0.2.2"),
            ], now: 1_800_000_000)
    }

    @Test func `each name is answered from the deepest zone, and its DS from the one above`() throws {
        let asking = try Asking(zones: Self.hierarchy.get().zones)
        #expect(try asking.ask("www.a.test", .a).answers.map(\.type) == [.a, .rrsig])
        #expect(try asking.ask("a.test", .ds).answers.map(\.type) == [.ds, .rrsig])
        let none = try asking.ask("b.test", .ds)
        #expect(none.answers.isEmpty && none.authorities.contains { NextSecure($0)?.owner.description == "b.test" })
        #expect(try asking.ask(".", .dnskey).answers.map(\.type) == [.dnskey, .rrsig])
        #expect(try asking.ask("nothing", .a).code == .nameError)
    }

    @Test func `aliases are followed across zones, as far as there are zones`() throws {
        let asking = try Asking(zones: Self.hierarchy.get().zones)
        #expect(try asking.ask("out.a.test", .a).answers.map(\.type) == [.cname, .rrsig, .a])
        let away = try asking.ask("away.a.test", .a)
        #expect(away.code == .nameError && away.answers.map(\.type) == [.cname, .rrsig])
        let alone = try Asking(zones: [EmbeddedZone(origin: "a.test", text: "away CNAME www.elsewhere.")])
        #expect(try alone.ask("away.a.test", .a).answers.map(\.type) == [.cname])
        #expect(try alone.ask("www.elsewhere", .a).code == .refused)
    }

    @Test func `without DO there are no signatures and proofs, unless asked for`() throws {
        let asking = try Asking(zones: Self.hierarchy.get().zones)
        #expect(try asking.ask("www.a.test", .a, wantsSignatures: false).answers.map(\.type) == [.a])
        #expect(try asking.ask("x.a.test", .a, wantsSignatures: false).authorities.map(\.type) == [.soa])
        #expect(try !asking.ask("a.test", .nsec, wantsSignatures: false).answers.isEmpty)
        #expect(asking.server.queries.map(\.wantsSignatures) == [false, false, false])
        #expect(asking.server.queries.allSatisfy { $0.transport == .tcp && !$0.isPadded && !$0.disablesChecking })
    }

    @Test func `what it does wrong, it does where it was told to`() throws {
        let asking = try Asking(zones: Self.hierarchy.get().zones)
        let name = try DNSName("www.a.test")
        let address = try #require(IPAddress("192.0.2.66"))
        let forged = try #require(DNSRecord(owner: name, timeToLive: 60, data: .a(address)))
        asking.server.setFault(.stripSignatures)
        #expect(try asking.ask("www.a.test", .a).answers.map(\.type) == [.a])
        asking.server.setFault(.stripDenial)
        #expect(try Set(asking.ask("x.a.test", .a).authorities.map(\.type)) == [.soa, .rrsig])
        asking.server.setFault(.claimAuthenticated)
        #expect(try asking.ask("www.b.test", .a).isAuthenticated)
        asking.server.setFault(nil)
        asking.server.setFault(.forge([forged]), for: .a, at: name)
        #expect(try asking.ask("www.a.test", .a).answers == [forged])
        asking.server.setFault(.forgeUnderSignature([forged]), for: .a, at: name)
        #expect(try asking.ask("www.a.test", .a).answers.map(\.type) == [.a, .rrsig])
        #expect(try asking.ask("www.b.test", .a).answers.map(\.data) != [forged.data])
        asking.server.setFault(nil, for: .a, at: name)
        asking.server.setFault(.serverFailure, at: name)
        #expect(try asking.ask("www.a.test", .aaaa).code == .serverFailure)
        #expect(try asking.ask("www.b.test", .aaaa).code == .noError)
        asking.server.setFault(.disconnect, for: .srv)
        #expect(throws: (any Error).self) { try asking.ask("www.b.test", .srv) }
    }

    @Test func `over TLS it answers with the identity that it was given`() throws {
        let authority = try TransportSecurity.CertificateAuthority.root(
            CertificateTemplate(
                commonName: "Authority", notBefore: 1_500_000_000, notAfter: 4_000_000_000, isAuthority: true))
        let issued = try authority.issue(
            CertificateTemplate(
                commonName: "dns.test", names: [.dns("dns.test")], notBefore: 1_500_000_000, notAfter: 4_000_000_000,
                extendedKeyUsage: .only([.serverAuthentication])))
        let asking = try Asking(zones: Self.hierarchy.get().zones, identity: issued.identity())
        let (response, certificates) = try asking.askSecurely("www.a.test", .a)
        #expect(response.answers.map(\.type) == [.a, .rrsig])
        #expect(certificates.first == issued.certificate)
        #expect(asking.server.queries.map(\.transport) == [.tls])
    }
}
