import DomainAssociation
import Prooftypes
import Testing
import TransportSecurity
import XMPPModel

/// Which URLs are asked, what ends a retrieval, and how long its result is kept.
@Suite struct POSHRetrievalTests {
    private static let first = "https://a.example/.well-known/posh/xmpp-server.json"
    private static let second = "https://a.example/.well-known/posh._xmpp-server._tcp.json"
    private static let now: Int64 = 1_000_000

    private static func keys(_ expires: Int = 3600) -> [UInt8] {
        let digest = Base64.encode([UInt8](repeating: 1, count: 32))
        return Array(#"{"fingerprints": [{"sha-256": "\#(digest)"}], "expires": \#(expires)}"#.utf8)
    }

    private static let webKeys: [UInt8] = {
        let thumbprint = Base64.encodeURLSafe([UInt8](repeating: 1, count: 20))
        return Array(#"{"keys": [{"kty": "RSA", "n": "AQ", "e": "AQAB", "x5t": "\#(thumbprint)"}]}"#.utf8)
    }()

    private static func reference(_ url: String, _ expires: Int? = 60) -> [UInt8] {
        Array(#"{"url": "\#(url)"\#(expires.map { ", \"expires\": \($0)" } ?? "")}"#.utf8)
    }

    private static func ok(_ body: [UInt8]) -> POSHRetrieval.Event { .answered(status: 200, body: body) }

    private static func redirect(_ url: String, _ status: Int = 302) -> POSHRetrieval.Event {
        .answered(status: status, location: url)
    }

    /// Plays a retrieval to its end with these answers; nil when it wants more of them.
    private static func retrieve(
        _ events: [POSHRetrieval.Event], service: ClaimedService = .server
    ) throws -> PublishedKeys? {
        var retrieval = POSHRetrieval(POSHQuestion(try DomainName("a.example"), for: service), start: now)
        var actions = retrieval.begin()
        for event in events {
            guard case .get = actions.first else {
                Issue.record("nothing is asked before \(event)")
                return nil
            }
            actions = retrieval.handle(event)
        }
        guard case .finish(let keys) = actions.first else { return nil }
        return keys
    }

    @Test(arguments: [404, 410])
    func `PO-01: the draft's path is asked where the RFC's has nothing`(status: Int) throws {
        let found = try #require(try Self.retrieve([.answered(status: status), Self.ok(Self.webKeys)]))
        #expect(found.urls == [Self.first, Self.second])
        #expect(found.material != nil)
        #expect(found.expires == Self.now + POSHRetrieval.usualLifetime)
        let none = try #require(try Self.retrieve([.answered(status: status), .answered(status: 404)]))
        #expect(none.content == .none(reason: "status 404"))
    }

    @Test(arguments: [
        POSHRetrieval.Event.answered(status: 500), .answered(status: 403), .answered(status: 204),
        .answered(status: 304), .failed(.timedOut), .failed(.unreachable("x")), .failed(.notAuthenticated("expired")),
        .failed(.tooLarge), .failed(.forbiddenAddress("127.0.0.1")), .answered(status: 200, body: [1]),
    ])
    func `PO-01, PO-02, PO-22: any other failure ends it at the first path`(event: POSHRetrieval.Event) throws {
        let result = try #require(try Self.retrieve([event]))
        #expect(result.urls == [Self.first])
        #expect(result.material == nil)
        #expect(result.expires == Self.now + POSHRetrieval.negativeLifetime)
    }

    @Test func `PO-01: an internationalised domain is asked in A-label form, an address not at all`() throws {
        var retrieval = POSHRetrieval(POSHQuestion(try DomainName("bücher.example")), start: Self.now)
        let url = HTTPSAddress("https://xn--bcher-kva.example/.well-known/posh/xmpp-server.json")
        #expect(retrieval.begin() == [.get(try #require(url))])
        var address = POSHRetrieval(POSHQuestion(try DomainName("192.0.2.1")), start: Self.now)
        guard case .finish = address.begin().first else {
            Issue.record("an address was asked")
            return
        }
    }

    @Test func `CC-04: clients have documents of their own`() throws {
        let result = try Self.retrieve([.answered(status: 404), .answered(status: 404)], service: .client)
        #expect(
            result?.urls == [
                "https://a.example/.well-known/posh/xmpp-client.json",
                "https://a.example/.well-known/posh._xmpp-client._tcp.json",
            ])
    }

    @Test func `PO-08, PO-18: a reference is followed, and the lower lifetime rules`() throws {
        let url = "https://hosting.example.net/x"
        for (reference, keys, expected) in [(60, 3600, 60 as Int64), (3600, 60, 60)] {
            let result = try #require(
                try Self.retrieve([Self.ok(Self.reference(url, reference)), Self.ok(Self.keys(keys))]))
            #expect(result.urls == [Self.first, url])
            #expect(result.expires == Self.now + expected)
            #expect(result.material?.lifetime == expected)
        }
        let withdrawn = try Self.retrieve([Self.ok(Self.reference(url)), Self.ok(Self.keys(0))])
        #expect(withdrawn?.material == nil)
    }

    @Test func `PO-08: only the draft's references may lack a lifetime`() throws {
        let url = "https://hosting.example.net/x"
        let refused = try #require(try Self.retrieve([Self.ok(Self.reference(url, nil))]))
        #expect(refused.content == .invalid(reason: "\(POSHDocumentFault.missingExpiry)"))
        let result = try Self.retrieve(
            [.answered(status: 404), Self.ok(Self.reference(url, nil)), Self.ok(Self.keys(86_400))])
        #expect(result?.expires == Self.now + POSHRetrieval.usualLifetime)
    }

    @Test(arguments: ["https://c.example/y", first])
    func `PO-09: a reference does not lead to a reference`(url: String) throws {
        let result = try #require(
            try Self.retrieve([Self.ok(Self.reference(url)), Self.ok(Self.reference("https://d.example/"))]))
        guard case .refused = result.content else {
            Issue.record("\(result.content)")
            return
        }
        #expect(result.urls == [Self.first, url])
        // Where a reference leads to nothing, the draft's path is not asked.
        #expect(try Self.retrieve([Self.ok(Self.reference(url)), .answered(status: 404)])?.urls.count == 2)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `PO-19: redirections to https are followed`(status: Int) throws {
        let result = try Self.retrieve([Self.redirect("//c.example/y", status), Self.ok(Self.keys())])
        #expect(result?.finalURL == "https://c.example/y")
        #expect(result?.material != nil)
    }

    @Test(arguments: ["http://c.example/", "ftp://c.example/", "", "https://u@c.example/", first])
    func `PO-19: other redirections and circles end it`(location: String) throws {
        guard case .refused = try Self.retrieve([Self.redirect(location)])?.content else {
            Issue.record("\(location) was followed")
            return
        }
    }

    @Test func `PO-19: ten redirections are followed, the eleventh is not`() throws {
        let ten = (1...10).map { Self.redirect("https://c\($0).example/") }
        #expect(try Self.retrieve(ten + [Self.ok(Self.keys())])?.material != nil)
        let result = try #require(try Self.retrieve(ten + [Self.redirect("https://d.example/")]))
        #expect(result.material == nil)
        #expect(result.urls.count == 11)
    }

    // MARK: - The library

    private static func question() throws -> POSHQuestion { POSHQuestion(try DomainName("a.example")) }

    private static func delivered(_ actions: [POSHLibrary.Action]) -> [Int] {
        actions.flatMap { action -> [Int] in if case .deliver(_, let tickets) = action { tickets } else { [] } }
    }

    private static func requests(_ actions: [POSHLibrary.Action]) -> [String] {
        actions.compactMap { if case .get(let url, _) = $0 { url.description } else { nil } }
    }

    @Test func `PO-22: fifty who ask at once make one request`() throws {
        var library = POSHLibrary()
        var made: [String] = []
        for ticket in 0..<50 { made += Self.requests(library.ask(try Self.question(), ticket: ticket, at: Self.now)) }
        #expect(made == [Self.first])
        let actions = library.handle(Self.ok(Self.keys()), retrieval: 1, at: Self.now + 1)
        #expect(
            {
                if case .end(1, .some) = actions.first { true } else { false }
            }())
        #expect(Self.delivered(actions) == Array(0..<50))
        #expect(library.handle(Self.ok(Self.keys()), retrieval: 1, at: Self.now + 1).isEmpty)
    }

    @Test func `PO-18: when it is stale, all begins again at the domain`() throws {
        var library = POSHLibrary()
        let url = "https://hosting.example.net/x"
        _ = library.ask(try Self.question(), ticket: 1, at: Self.now)
        #expect(Self.requests(library.handle(Self.ok(Self.reference(url)), retrieval: 1, at: Self.now)) == [url])
        #expect(Self.delivered(library.handle(Self.ok(Self.keys()), retrieval: 1, at: Self.now)) == [1])
        #expect(Self.delivered(library.ask(try Self.question(), ticket: 2, at: Self.now + 50)) == [2])
        #expect(Self.requests(library.ask(try Self.question(), ticket: 3, at: Self.now + 61)) == [Self.first])
    }

    @Test(arguments: [
        POSHRetrieval.Event.failed(.timedOut), .failed(.notAuthenticated("expired")), .answered(status: 503),
    ])
    func `PO-18: what still counts outlives an attempt to renew it, and no longer`(
        failure: POSHRetrieval.Event
    ) throws {
        var library = POSHLibrary()
        _ = library.ask(try Self.question(), ticket: 1, at: Self.now)
        _ = library.handle(Self.ok(Self.keys(600)), retrieval: 1, at: Self.now)
        #expect(Self.requests(library.ask(try Self.question(), ticket: 2, at: Self.now + 541)) == [Self.first])
        let kept = library.handle(failure, retrieval: 2, at: Self.now + 551)
        guard case .deliver(let keys, [2]) = kept.last else {
            Issue.record("\(kept)")
            return
        }
        #expect(keys.expires == Self.now + 600)
        _ = library.ask(try Self.question(), ticket: 3, at: Self.now + 601)
        let gone = library.handle(failure, retrieval: 3, at: Self.now + 611)
        guard case .deliver(let none, [3]) = gone.last else {
            Issue.record("\(gone)")
            return
        }
        #expect(none.material == nil)
    }

    @Test func `PO-17: a document that withdraws ends what still counts`() throws {
        var library = POSHLibrary()
        _ = library.ask(try Self.question(), ticket: 1, at: Self.now)
        _ = library.handle(Self.ok(Self.keys(600)), retrieval: 1, at: Self.now)
        _ = library.ask(try Self.question(), ticket: 2, at: Self.now + 541)
        guard
            case .deliver(let keys, [2]) = library.handle(Self.ok(Self.keys(0)), retrieval: 2, at: Self.now + 542).last
        else {
            Issue.record("nothing was delivered")
            return
        }
        #expect(keys.material == nil)
        #expect(Self.delivered(library.ask(try Self.question(), ticket: 3, at: Self.now + 550)) == [3])
    }

    @Test func `PO-22: a failure is kept for a minute, and retrievals at a time are bounded`() throws {
        var library = POSHLibrary(mostRetrievals: 1)
        _ = library.ask(try Self.question(), ticket: 1, at: Self.now)
        let other = POSHQuestion(try DomainName("b.example"))
        #expect(Self.delivered(library.ask(other, ticket: 2, at: Self.now)) == [2])
        _ = library.handle(.answered(status: 500), retrieval: 1, at: Self.now)
        #expect(Self.delivered(library.ask(try Self.question(), ticket: 3, at: Self.now + 59)) == [3])
        #expect(Self.requests(library.ask(try Self.question(), ticket: 4, at: Self.now + 60)) == [Self.first])
    }

    @Test func `PO-22: web servers that stall give way to others`() throws {
        var library = POSHLibrary(mostRetrievals: 2)
        let domains = try (1...4).map { POSHQuestion(try DomainName("d\($0).example")) }
        _ = library.ask(domains[0], ticket: 1, at: Self.now)
        _ = library.ask(domains[1], ticket: 2, at: Self.now + 1)
        #expect(Self.delivered(library.ask(domains[2], ticket: 3, at: Self.now + 2)) == [3])
        let actions = library.ask(domains[2], ticket: 4, at: Self.now + 3)
        #expect(Self.delivered(actions) == [1])
        #expect(Self.requests(actions) == ["https://d3.example/.well-known/posh/xmpp-server.json"])
        // The one that has given way is not tried again at once, and the next has its time, too.
        #expect(Self.delivered(library.ask(domains[0], ticket: 5, at: Self.now + 3)) == [5])
        #expect(Self.delivered(library.ask(domains[3], ticket: 6, at: Self.now + 3)) == [6])
        #expect(library.handle(Self.ok(Self.keys()), retrieval: 1, at: Self.now + 4).isEmpty)
    }

    @Test func `PO-22: what is asked under other rules is asked anew, for all who wait`() throws {
        var library = POSHLibrary()
        let other = POSHQuestion(try DomainName("b.example"))
        for question in [try Self.question(), other] {
            _ = library.ask(question, ticket: 1, at: Self.now)
        }
        _ = library.handle(Self.ok(Self.keys()), retrieval: 2, at: Self.now)
        _ = library.ask(try Self.question(), ticket: 2, at: Self.now)
        let domain = try Self.question()
        let actions = library.renew(at: Self.now + 5) { $0 == domain }
        #expect(actions.first == .end(retrieval: 1, found: nil))
        #expect(Self.requests(actions) == [Self.first])
        #expect(library.handle(Self.ok(Self.keys()), retrieval: 1, at: Self.now + 6).isEmpty)
        #expect(Self.delivered(library.handle(Self.ok(Self.keys()), retrieval: 3, at: Self.now + 6)) == [1, 2])
        // What was kept for others is kept.
        #expect(Self.delivered(library.ask(other, ticket: 3, at: Self.now + 6)) == [3])
        #expect(library.renew(at: Self.now + 7) { $0 == other }.isEmpty)
        #expect(Self.requests(library.ask(other, ticket: 4, at: Self.now + 7)).count == 1)
    }

    @Test(
        arguments: [
            ([127, 0, 0, 1], false), ([10, 1, 2, 3], false), ([172, 31, 0, 1], false), ([192, 168, 0, 1], false),
            ([169, 254, 169, 254], false), ([100, 64, 0, 1], false), ([0, 0, 0, 0], false), ([224, 0, 0, 1], false),
            ([255, 255, 255, 255], false), ([198, 51, 100, 7], true), ([172, 32, 0, 1], true), ([], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1], false),
            ([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1], false),
            ([0x20, 2, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
            ([0x20, 1, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0xF5, 0xFF, 0xFF, 0xFE], false),
            ([0, 0x64, 0xFF, 0x9B, 0, 1, 0, 0, 0, 0, 0, 0, 198, 51, 100, 7], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1], false),
            ([0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
            ([0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
            ([0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true),
        ] as [([UInt8], Bool)])
    func `PO-22: documents do not come from addresses in our own network`(octets: [UInt8], isPublic: Bool) throws {
        let strict = POSHAddressGuard(zones: [try DomainName("corp.example")])
        #expect(strict.permits(octets, of: "a.example") == isPublic)
        #expect(strict.permits(octets, of: "evilcorp.example") == isPublic)
        // No server has such an address, in our network or elsewhere.
        let isHost = octets.count == 16 || octets.count == 4 && octets[0] != 0 && octets[0] < 224
        #expect(strict.permits(octets, of: "posh.corp.example") == isHost)
        #expect(POSHAddressGuard(allowsPrivateAddresses: true).permits(octets, of: "a.example") == isHost)
    }
}
