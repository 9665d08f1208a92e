import DNSMessages
import NameResolution
import Testing
import XMPPModel

@Suite("From addresses to TLSA records")
struct TLSASearchTests {
    private typealias Make = TestRecords

    private static func addresses(
        _ canonicalName: String = "host.example", _ security: SecurityStatus = .secure, failure: LookupFailure? = nil
    ) throws -> AddressResolution {
        let question = try Make.question("host.example", .a)
        if let failure { return AddressResolution(.v4, from: Answer(to: question, .failed(failure))) }
        let record = try Make.address(canonicalName, "192.0.2.1")
        return AddressResolution(
            .v4,
            from: Answer(to: question, .records([record]), canonicalName: record.owner, security: security))
    }

    private static func search(_ addresses: AddressResolution...) throws -> TLSASearch {
        TLSASearch(host: try Make.name("host.example"), port: 5270, addresses: addresses)
    }

    private static let association = TLSARecord(usage: 3, selector: 1, matching: 1, data: [1, 2, 3])

    private static func found(_ question: DNSQuestion, _ security: SecurityStatus) throws -> Answer {
        let record = try Make.record(question.name.description, .tlsa(association))
        return Answer(to: question, .records([record]), security: security)
    }

    @Test func `DA-06: the question is for the port and the host of the service record`() throws {
        let search = try Self.search(Self.addresses())
        #expect(search.next?.description == "_5270._tcp.host.example TLSA")
        let longest = String(repeating: "a123456789.", count: 22) + "example"
        let none = TLSASearch(host: try Make.name(longest), port: 1, addresses: [try Self.addresses(longest)])
        #expect(none.next == nil && none.resolution?.records == [] && none.resolution?.failure == nil)
    }

    @Test(arguments: [SecurityStatus.secure, .insecure])
    func `DA-18: below a secure alias the expanded name comes first, then the name given`(
        security: SecurityStatus
    ) throws {
        var search = try Self.search(Self.addresses("real.example"), Self.addresses("real.example"))
        let first = try #require(search.next)
        #expect(first.description == "_5270._tcp.real.example TLSA")
        search.note(Answer(to: first, .nameDoesNotExist, security: security))
        let second = try #require(search.next)
        #expect(second.description == "_5270._tcp.host.example TLSA")
        search.note(try Self.found(second, .secure))
        #expect(search.resolution?.base == (try Make.name("host.example")))
        #expect(search.resolution?.records == [Self.association] && search.next == nil)
    }

    @Test func `DA-18: records at the expanded name end the search there`() throws {
        var search = try Self.search(Self.addresses("real.example"))
        search.note(try Self.found(#require(search.next), .secure))
        #expect(search.resolution?.base == (try Make.name("real.example")))
        #expect(search.resolution?.security == .secure)
    }

    @Test func `DA-04: without a secure address nothing is asked`() throws {
        let search = try Self.search(Self.addresses("real.example", .insecure))
        #expect(search.next == nil)
        #expect(search.resolution?.security == .insecure && search.resolution?.failure == nil)
        let failed = try Self.search(Self.addresses(failure: .timedOut), Self.addresses("host.example", .insecure))
        #expect(failed.next == nil && failed.resolution?.failure == .timedOut)
    }

    @Test func `DA-05, DA-07: what does not validate, or fails, leaves nothing known`() throws {
        let bogus = try Self.search(Self.addresses(), Self.addresses(failure: .bogus("expired")))
        #expect(bogus.next == nil && bogus.resolution?.failure == .bogus("expired"))
        var search = try Self.search(Self.addresses("real.example"))
        search.note(Answer(to: try #require(search.next), .failed(.timedOut)))
        #expect(search.resolution?.failure == .timedOut && search.next == nil)
    }

    @Test func `DA-07: insecure records are as good as none`() throws {
        var search = try Self.search(Self.addresses())
        search.note(try Self.found(#require(search.next), .insecure))
        #expect(search.resolution?.records == [] && search.resolution?.security == .insecure)
        // An answer to another question changes nothing.
        search = try Self.search(Self.addresses())
        search.note(try Self.found(Make.question("_1._tcp.host.example", .tlsa), .secure))
        #expect(search.resolution == nil)
    }

    @Test func `DO-06: a claim may cost so many lookups and no more`() {
        var budget = LookupBudget()
        var taken = 0
        while budget.take(2) { taken += 2 }
        #expect(taken == LookupBudget.forClaim && budget.left == 0)
    }
}
