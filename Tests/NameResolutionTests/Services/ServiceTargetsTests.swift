import DNSMessages
import NameResolution
import TestSupport
import Testing
import XMPPModel

@Suite("Endpoints of a domain")
struct ServiceTargetsTests {
    private typealias Make = TestRecords

    private let domain: DomainName
    private let direct: DNSQuestion
    private let start: DNSQuestion
    private var generator = SeededGenerator(state: 3)

    init() throws {
        domain = try DomainName("capulet.example")
        direct = try ServiceTargets.question(of: domain, for: .directTLS)
        start = try ServiceTargets.question(of: domain, for: .startTLS)
    }

    private func records(
        _ question: DNSQuestion, _ records: [(UInt16, UInt16, UInt16, String)], security: SecurityStatus = .insecure
    ) throws -> Answer {
        let owner = question.name.description
        return Answer(
            to: question, .records(try records.map { try Make.service(owner, $0.0, $0.1, $0.2, $0.3) }),
            security: security)
    }

    private mutating func resolve(_ directTLS: Answer, _ startTLS: Answer) -> ServiceResolution {
        ServiceTargets.resolution(of: domain, directTLS: directTLS, startTLS: startTLS, using: &generator)
    }

    @Test func `DN-01: both service names are asked for in A-label form`() throws {
        let domain = try DomainName("münchen.example")
        let questions = try [ServiceEndpoint.Method.startTLS, .directTLS].map {
            try ServiceTargets.question(of: domain, for: $0).description
        }
        #expect(
            questions == [
                "_xmpp-server._tcp.xn--mnchen-3ya.example SRV", "_xmpps-server._tcp.xn--mnchen-3ya.example SRV",
            ])
    }

    @Test mutating func `DN-02: both record sets become one list, each entry with its method`() throws {
        let resolution = resolve(
            try records(direct, [(20, 0, 5270, "c.example"), (5, 0, 5270, "a.example")], security: .secure),
            try records(start, [(10, 0, 5269, "b.example")]))
        #expect(resolution.endpoints.map(\.host.description) == ["a.example", "b.example", "c.example"])
        #expect(resolution.endpoints.map(\.method) == [.directTLS, .startTLS, .directTLS])
        #expect(resolution.endpoints.map(\.port) == [5270, 5269, 5270])
        #expect(resolution.endpoints.map(\.security) == [.secure, .insecure, .secure])
        #expect(resolution.endpoints.map(\.isFromServiceRecord) == [true, true, true])
    }

    @Test mutating func `DN-05: a single dot for both means no service`() throws {
        let resolution = resolve(try records(direct, [(0, 0, 0, ".")]), try records(start, [(0, 0, 0, ".")]))
        guard case .notOffered = resolution else {
            Issue.record("\(resolution)")
            return
        }
    }

    @Test mutating func `DN-05: a dot for direct TLS leaves STARTTLS, and the other way round`() throws {
        let dot: [(UInt16, UInt16, UInt16, String)] = [(0, 0, 0, ".")]
        let one = resolve(try records(direct, dot), try records(start, [(0, 0, 5269, "a.example")]))
        #expect(one.endpoints.map(\.method) == [.startTLS])
        let other = resolve(try records(direct, [(0, 0, 443, "a.example")]), try records(start, dot))
        #expect(other.endpoints.map(\.method) == [.directTLS])
    }

    @Test(arguments: [Answer.Content.noRecords, .nameDoesNotExist])
    mutating func `DN-05: a dot for direct TLS and no other record means no service`(content: Answer.Content) throws {
        let resolution = resolve(try records(direct, [(0, 0, 0, ".")]), Answer(to: start, content))
        guard case .notOffered = resolution else {
            Issue.record("\(resolution)")
            return
        }
    }

    @Test(arguments: [Answer.Content.noRecords, .nameDoesNotExist], [Answer.Content.noRecords, .nameDoesNotExist])
    mutating func `DN-06: without any record the domain itself is tried on port 5269 with STARTTLS`(
        one: Answer.Content, other: Answer.Content
    ) throws {
        let resolution = resolve(Answer(to: direct, one, security: .secure), Answer(to: start, other))
        let fallback = ServiceEndpoint(
            host: .name(try DNSName(domain)), port: 5269, method: .startTLS, security: .insecure,
            isFromServiceRecord: false, lifetime: .zero)
        #expect(resolution == .endpoints([fallback]))
    }

    @Test(arguments: [
        LookupFailure.serverAnswered(.serverFailure), .timedOut, .malformed(.badQuestion), .bogus("expired"),
    ])
    mutating func `DN-08: a lookup that fails aborts, whatever the other says`(failure: LookupFailure) throws {
        let failed = [Answer(to: direct, .failed(failure)), Answer(to: start, .failed(failure))]
        #expect(resolve(failed[0], Answer(to: start, .noRecords)) == .failed(reason: failure))
        #expect(resolve(Answer(to: direct, .noRecords), failed[1]) == .failed(reason: failure))
        #expect(resolve(failed[0], try records(start, [(0, 0, 1, "a.example")])) == .failed(reason: failure))
    }

    @Test mutating func `DO-06: a domain with very many records is cut short`() throws {
        let many = (0..<200).map { (UInt16($0), UInt16(0), UInt16(5269), "a\($0).example") }
        let resolution = resolve(try records(direct, many), Answer(to: start, .noRecords))
        #expect(resolution.endpoints.count == ServiceTargets.maximumEndpoints)
        #expect(resolution.endpoints.first?.host.description == "a0.example")
    }

    @Test mutating func `a target on port zero or with a dot among others is passed over`() throws {
        let targets: [(UInt16, UInt16, UInt16, String)] = [
            (0, 0, 0, "a.example"), (1, 0, 5269, "."), (2, 0, 5269, "192.0.2.7"),
        ]
        let resolution = resolve(Answer(to: direct, .noRecords), try records(start, targets))
        #expect(resolution.endpoints.map(\.host) == [IPAddress("192.0.2.7").map(ServiceHost.address)])
    }
}
