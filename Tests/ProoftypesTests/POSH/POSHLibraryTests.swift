import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

/// What is kept of documents, whoever writes them and whatever the clock does.
@Suite struct POSHLibraryTests {
    private static let now: Int64 = 1_000_000

    private static func document(_ fingerprints: Int, expires: Int = 3600) -> POSHRetrieval.Event {
        let digest = Base64.encode([UInt8](repeating: 1, count: 32))
        let list = [String](repeating: #"{"sha-256":"\#(digest)"}"#, count: fingerprints).joined(separator: ",")
        return .answered(status: 200, body: Array(#"{"fingerprints":[\#(list)],"expires":\#(expires)}"#.utf8))
    }

    private static func question(_ domain: String) throws -> POSHQuestion { POSHQuestion(try DomainName(domain)) }

    /// Whether the library has the answer at hand; otherwise the retrieval that it begins is answered with `event`.
    private static func isKept(
        _ domain: String, in library: inout POSHLibrary, at moment: Int64, otherwise event: POSHRetrieval.Event
    ) throws -> Bool {
        for action in library.ask(try question(domain), ticket: 1, at: moment) {
            if case .begin(_, let number) = action {
                _ = library.handle(event, retrieval: number, at: moment)
                return false
            }
        }
        return true
    }

    @Test func `PO-18: a clock that is set back lets nothing count for longer`() throws {
        var library = POSHLibrary()
        let document = Self.document(1)
        #expect(try !Self.isKept("a.example", in: &library, at: Self.now, otherwise: document))
        #expect(try Self.isKept("a.example", in: &library, at: Self.now + 60, otherwise: document))
        let back = Self.now - 10_000_000
        #expect(try !Self.isKept("a.example", in: &library, at: back, otherwise: .answered(status: 503)))
        // Nor does a failure of the future hold anybody up.
        #expect(try Self.isKept("a.example", in: &library, at: back + 30, otherwise: document))
        #expect(try !Self.isKept("a.example", in: &library, at: back - 30, otherwise: document))
    }

    @Test func `PO-18: after the clock was set back, a failure ends what was kept before`() throws {
        var library = POSHLibrary()
        _ = try Self.isKept("a.example", in: &library, at: Self.now, otherwise: Self.document(1))
        let back = Self.now - 10_000
        _ = library.ask(try Self.question("a.example"), ticket: 2, at: back)
        guard case .deliver(let keys, [2]) = library.handle(.failed(.timedOut), retrieval: 2, at: back).last else {
            Issue.record("nothing was delivered")
            return
        }
        #expect(keys.material == nil)
    }

    @Test func `PO-22: large documents of many domains take a bounded memory, and none from small ones`() throws {
        var library = POSHLibrary(mostOctets: 1_048_576)
        let small = Self.document(1)
        for number in 0..<50 {
            _ = try Self.isKept("small\(number).example", in: &library, at: Self.now, otherwise: small)
        }
        let large = Self.document(1000, expires: 86_400)
        for number in 0..<200 {
            _ = try Self.isKept("large\(number).example", in: &library, at: Self.now, otherwise: large)
        }
        for number in 0..<50 {
            #expect(try Self.isKept("small\(number).example", in: &library, at: Self.now + 1, otherwise: small))
        }
        let none = POSHRetrieval.Event.answered(status: 503)
        let kept = try (0..<200).filter {
            try Self.isKept("large\($0).example", in: &library, at: Self.now + 1, otherwise: none)
        }
        #expect((1...8).contains(kept.count))
    }

    @Test func `PO-22: what is beyond the memory altogether is delivered and not kept`() throws {
        var library = POSHLibrary(mostOctets: 1000)
        let large = Self.document(1000)
        for _ in 0..<2 {
            #expect(try !Self.isKept("a.example", in: &library, at: Self.now, otherwise: large))
        }
    }

    @Test func `PO-22: thousands of domains leave as many results as may be kept`() throws {
        var library = POSHLibrary(capacity: 100)
        for number in 0..<3000 {
            _ = try Self.isKept(
                "d\(number).example", in: &library, at: Self.now + Int64(number / 100),
                otherwise: .answered(status: 500))
        }
        #expect(try Self.isKept("d2999.example", in: &library, at: Self.now + 30, otherwise: .failed(.timedOut)))
        #expect(try !Self.isKept("d0.example", in: &library, at: Self.now + 30, otherwise: .failed(.timedOut)))
    }
}
