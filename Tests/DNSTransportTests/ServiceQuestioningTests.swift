import DNSMessages
import DNSTransport
import Demonstration
import NameResolution
import Testing

@Suite("Endpoints over the network", .timeLimit(.minutes(1)))
struct ServiceQuestioningTests {
    private static func addressQuestions(_ asker: Asker) -> [String] {
        asker.asked.filter { $0.hasSuffix(" A") || $0.hasSuffix(" AAAA") }
    }

    @Test func `DN-01: both service names are asked for, in A-label form`() async throws {
        let asker = try Asker(zone: "_xmpp-server._tcp.xn--mnchen-3ya SRV 0 0 5269 xmpp")
        #expect(try await asker.services(of: "münchen.example").endpoints.count == 1)
        #expect(
            asker.asked.sorted() == [
                "_xmpp-server._tcp.xn--mnchen-3ya.example SRV", "_xmpps-server._tcp.xn--mnchen-3ya.example SRV",
            ])
    }

    @Test func `DN-02, DN-03: endpoints come by priority, each with its method`() async throws {
        let asker = try Asker(
            zone: """
                _xmpps-server._tcp.d SRV 20 0 5270 c
                _xmpps-server._tcp.d SRV  5 0 5270 a
                _xmpp-server._tcp.d  SRV 10 0 5269 b
                """)
        let endpoints = try await asker.services(of: "d.example").endpoints
        #expect(endpoints.map(\.host.description) == ["a.example", "b.example", "c.example"])
        #expect(endpoints.map(\.method) == [.directTLS, .startTLS, .directTLS])
        #expect(endpoints.allSatisfy { $0.security == .insecure })
        #expect(Self.addressQuestions(asker) == [])
    }

    @Test(arguments: [
        "_xmpps-server._tcp.d SRV 0 0 0 .\n_xmpp-server._tcp.d SRV 0 0 0 .\nd A 127.0.0.1",
        "_xmpps-server._tcp.d SRV 0 0 0 .\nd A 127.0.0.1",
    ])
    func `DN-05: no service, and no question for addresses`(zone: String) async throws {
        let asker = try Asker(zone: zone)
        guard case .notOffered = try await asker.services(of: "d.example") else {
            Issue.record("offered")
            return
        }
        #expect(Self.addressQuestions(asker) == [])
    }

    @Test func `DN-05: no direct TLS leaves STARTTLS`() async throws {
        let asker = try Asker(
            zone: "_xmpps-server._tcp.d SRV 0 0 0 .\n_xmpp-server._tcp.d SRV 0 0 5269 a")
        let endpoints = try await asker.services(of: "d.example").endpoints
        #expect(endpoints.map(\.method) == [.startTLS])
    }

    @Test(arguments: ["d A 127.0.0.1", "d AAAA ::1", "x.d A 127.0.0.1"])
    func `DN-06: without service records the domain itself on port 5269`(zone: String) async throws {
        let asker = try Asker(zone: zone)
        let endpoints = try await asker.services(of: "d.example").endpoints
        #expect(endpoints.map(\.host.description) == ["d.example"])
        #expect(endpoints.map(\.port) == [5269])
        #expect(endpoints.map(\.method) == [.startTLS])
        #expect(endpoints.map(\.isFromServiceRecord) == [false])
    }

    @Test func `DN-06: a domain that does not exist is told apart`() async throws {
        let asker = try Asker()
        #expect(try await asker.services(of: "d.example") == .nameDoesNotExist)
    }

    @Test(arguments: [NameServerFault.serverFailure, .drop, .garbage, .wrongIdentifier])
    func `DN-08: a service lookup that fails aborts, without a question for addresses`(
        fault: NameServerFault
    ) async throws {
        let asker = try Asker(zone: "d A 127.0.0.1", limits: Asker.impatience)
        asker.server.setFault(fault, for: .srv)
        guard case .failed = try await asker.services(of: "d.example") else {
            Issue.record("not failed")
            return
        }
        #expect(Self.addressQuestions(asker) == [])
    }

    @Test(arguments: ["192.0.2.1", "[2001:db8::1]"])
    func `an address in place of a domain needs no question`(literal: String) async throws {
        let asker = try Asker()
        let endpoints = try await asker.services(of: literal).endpoints
        #expect(endpoints.map(\.host) == [IPAddress(literal).map(ServiceHost.address)])
        let addresses = try await asker.addresses(of: literal)
        #expect(addresses.flatMap(\.addresses) == [IPAddress(literal)])
        #expect(asker.asked == [])
    }

    @Test func `DN-10: AAAA and A are asked in parallel, AAAA first`() async throws {
        let asker = try Asker(zone: "h A 192.0.2.1\nh AAAA 2001:db8::1")
        asker.server.setDelay(.milliseconds(200), for: .aaaa)
        let resolutions = try await asker.addresses(of: "h.example")
        #expect(asker.asked == ["h.example AAAA", "h.example A"])
        #expect(resolutions.map(\.family) == [.v4, .v6])
        #expect(resolutions.map(\.addresses.count) == [1, 1])
    }

    @Test func `DN-13: a service target may be an alias`() async throws {
        let asker = try Asker(
            zone: "_xmpp-server._tcp.d SRV 0 0 5269 a\na CNAME b\nb A 192.0.2.1")
        let host = try #require(try await asker.services(of: "d.example").endpoints.first?.host)
        let resolution = try #require(
            try await asker.addresses(of: host.description).first { $0.family == .v4 })
        #expect(resolution.addresses == [IPAddress("192.0.2.1")])
        #expect(resolution.canonicalName?.description == "b.example")
    }
}
