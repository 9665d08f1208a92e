import DNSMessages
import NameResolution
import Testing

/// What a provisioning domain may say, when it is asked, and when its word lapses (RFC 8801).
@Suite("RFC 8801 provisioning domains")
struct ProvisioningDiscoveryTests {
    private static let begin: Int64 = 1_800_000_000
    /// An hour after the beginning.
    private static let expiry = "2027-01-15T09:00:00Z"

    private static func body(
        identifier: String = "pvd.corp.example.", expires: String = expiry, prefixes: String = #"["fd00::/16"]"#,
        zones: String = #"["corp.example"]"#
    ) -> String {
        #"{"identifier": "\#(identifier)", "expires": "\#(expires)", "prefixes": \#(prefixes), "#
            + #""dnsZones": \#(zones), "noInternet": false, "vendor-x": {"a": [1, {"b": null}]}}"#
    }

    private static func discovery(
        allowed: [String] = ["corp.example"], networks: [[String]] = [["fd00:1::/48"]]
    ) throws -> ProvisioningDiscovery {
        ProvisioningDiscovery(
            domain: try DNSName("pvd.corp.example"), allowed: try allowed.map { try DNSName($0) },
            networks: networks.map { $0.compactMap { NetworkPrefix($0) } }, servers: [0], validation: .local, seed: 7)
    }

    private static func time(_ seconds: Int64) -> ResolutionTime {
        ResolutionTime(elapsed: .seconds(100 + seconds), wallClock: begin + seconds)
    }

    private static func response(_ text: String, type: String = "application/pvd+json", status: Int = 200)
        -> ProvisioningDiscovery.Event
    {
        .fetched(.success(ProvisioningResponse(status: status, mediaType: type, body: Array(text.utf8))))
    }

    private static func zones(_ actions: [ProvisioningDiscovery.Action]) -> [ResolutionZone]? {
        actions.compactMap { action in
            if case .zonesChanged(let zones) = action { zones } else { nil }
        }.last
    }

    private static func delay(_ actions: [ProvisioningDiscovery.Action]) -> Duration? {
        actions.compactMap { action in
            if case .setTimer(let delay) = action { delay } else { nil }
        }.last
    }

    private static func failures(_ actions: [ProvisioningDiscovery.Action]) -> [ProvisioningFailure] {
        actions.compactMap { action in
            if case .report(.failed(let failure, _)) = action { failure } else { nil }
        }
    }

    @Test func `EN-06, EN-07: dnsZones become zones of the network's resolver until the document expires`() throws {
        var discovery = try Self.discovery()
        #expect(discovery.handle(.started, at: Self.time(0)) == [.fetch])
        let learnt = discovery.handle(Self.response(Self.body()), at: Self.time(1))
        #expect(
            Self.zones(learnt) == [
                ResolutionZone(
                    name: try DNSName("corp.example"), servers: [0], validation: .local, expiry: .seconds(3700))
            ])
    }

    @Test(arguments: [
        (body(identifier: "pvd.other.example."), ProvisioningFailure.otherIdentifier("pvd.other.example.")),
        (body(expires: "2026-01-15T09:00:00Z"), .expired("2026-01-15T09:00:00Z")),
        (body(expires: "tomorrow"), .badExpiration("tomorrow")),
        (body(prefixes: #"["fd00::/129"]"#), .badPrefix("fd00::/129")),
        (body(prefixes: #"["nonsense"]"#), .badPrefix("nonsense")),
        (body(prefixes: "7"), .notADocument),
        (#"{"identifier": "pvd.corp.example.", "expires": "2027-01-15T09:00:00Z"}"#, .notADocument),
        (#"{"identifier": "pvd.corp.example.", "prefixes": []}"#, .notADocument),
        (#"{"expires": "2027-01-15T09:00:00Z", "prefixes": []}"#, .notADocument),
        ("[]", .notADocument), ("", .notADocument), (String(repeating: "[", count: 60000), .notADocument),
        (String(repeating: " ", count: 70000), .documentTooLarge),
    ])
    func `EN-06: a document that is wrong in any way teaches nothing, and is not asked for again`(
        text: String, failure: ProvisioningFailure
    ) throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let actions = discovery.handle(Self.response(text), at: Self.time(1))
        #expect(Self.failures(actions) == [failure])
        #expect(Self.zones(actions) == nil)
        #expect(Self.delay(actions) == nil)
    }

    @Test(arguments: [
        (response(body(), status: 404), ProvisioningFailure.status(404)),
        (response(body(), status: 304), .status(304)),
        (response(body(), type: "application/json"), .mediaType("application/json")),
        (.fetched(.failure(.notAuthenticated("other name"))), .notAuthenticated("other name")),
    ])
    func `EN-06, EN-11: a server that fails or does not prove itself teaches nothing, and is not asked again`(
        event: ProvisioningDiscovery.Event, failure: ProvisioningFailure
    ) throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let actions = discovery.handle(event, at: Self.time(1))
        #expect(actions == [.report(.failed(failure, retry: nil))])
    }

    @Test func `EN-06: parameters and letter case of the media type do not matter`() throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let event = Self.response(Self.body(), type: "Application/PvD+JSON ; charset=utf-8")
        #expect(Self.zones(discovery.handle(event, at: Self.time(1)))?.count == 1)
    }

    @Test(arguments: 0..<20)
    func `EN-07: it is asked again at a random time in the second half of the document's life`(seed: UInt64) throws {
        var discovery = ProvisioningDiscovery(
            domain: try DNSName("pvd.corp.example"), allowed: [], networks: [], servers: [0], validation: .local,
            seed: seed)
        _ = discovery.handle(.started, at: Self.time(0))
        let actions = discovery.handle(Self.response(Self.body()), at: Self.time(0))
        let delay = try #require(Self.delay(actions))
        #expect(delay >= .seconds(1800) && delay <= .seconds(3600))
        var early = discovery
        #expect(!early.handle(.timerFired, at: Self.time(60)).contains(.fetch))
        #expect(discovery.handle(.timerFired, at: Self.time(3600)).contains(.fetch))
    }

    @Test func `EN-07: when nothing follows the zones vanish, and it is asked for once more`() throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let learnt = discovery.handle(Self.response(Self.body()), at: Self.time(0))
        let refresh = try #require(Self.delay(learnt)).components.seconds + 1
        #expect(discovery.handle(.timerFired, at: Self.time(refresh)).contains(.fetch))
        let failed = discovery.handle(Self.response("", status: 500), at: Self.time(refresh))
        #expect(Self.zones(failed) == nil)
        #expect(Self.delay(failed) == .seconds(3600 - refresh))
        let lapsed = discovery.handle(.timerFired, at: Self.time(3600))
        #expect(Self.zones(lapsed) == [])
        #expect(lapsed.contains(.report(.lapsed([try DNSName("corp.example")]))))
        #expect(lapsed.contains(.fetch))
        let again = discovery.handle(Self.response("", status: 500), at: Self.time(3601))
        #expect(Self.delay(again) == nil)
        #expect(discovery.handle(.timerFired, at: Self.time(9999)).isEmpty)
    }

    @Test func `EN-07: at least ten seconds lie between requests`() throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let short = Self.body(expires: "2027-01-15T08:00:02Z")
        let actions = discovery.handle(Self.response(short), at: Self.time(0))
        #expect(try #require(Self.delay(actions)) <= .seconds(2))
        let lapsed = discovery.handle(.timerFired, at: Self.time(3))
        #expect(Self.zones(lapsed) == [])
        #expect(!lapsed.contains(.fetch))
        #expect(Self.delay(lapsed) == .seconds(7))
        #expect(discovery.handle(.timerFired, at: Self.time(10)).contains(.fetch))
    }

    @Test func `EN-07: a server out of reach is tried again with longer and longer pauses`() throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        var (moment, pauses): (Int64, [Int64]) = (0, [])
        for _ in 0..<9 {
            let actions = discovery.handle(.fetched(.failure(.unreachable("no route"))), at: Self.time(moment))
            let pause = try #require(Self.delay(actions)).components.seconds
            pauses.append(pause)
            moment += pause
            #expect(discovery.handle(.timerFired, at: Self.time(moment)).contains(.fetch))
        }
        #expect(pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
    }

    /// The document's prefixes, those of the interfaces, and whether the one is for the other.
    static let networks: [(String, [[String]], Bool)] = [
        (#"["fd00::/16"]"#, [["fd00:1::/48"]], true),
        (#"["2001:db8:1::/48"]"#, [["fd00:1::/48"]], false),
        (#"["fd00:1:0:7::/64"]"#, [["fd00:1::/48"]], false),
        (#"["fd00:1::/48"]"#, [["fd00:1::/64", "2001:db8::/64"]], false),
        (#"["fd00:1::/48", "2001:db8::/32"]"#, [["fd00:1::/64", "2001:db8::/64"]], true),
        (#"["fd00:1::/48"]"#, [["fd12::/64"], ["fd00:1::/64"]], true),
        (#"[]"#, [["fd00:1::/48"]], false), (#"[]"#, [], true), (#"["::/0"]"#, [["fd00:1::/48"]], true),
    ]

    @Test(arguments: networks)
    func `EN-08: a document for another network is not used`(
        prefixes: String, networks: [[String]], isUsed: Bool
    ) throws {
        var discovery = try Self.discovery(networks: networks)
        _ = discovery.handle(.started, at: Self.time(0))
        let actions = discovery.handle(Self.response(Self.body(prefixes: prefixes)), at: Self.time(0))
        #expect((Self.zones(actions) != nil) == isUsed)
        #expect(Self.failures(actions).isEmpty == isUsed)
    }

    @Test func `EN-09: only allowed zones are taken, and never the root or a top-level name`() throws {
        var discovery = try Self.discovery(allowed: ["corp.example", ".", "example"])
        let started = discovery.handle(.started, at: Self.time(0))
        #expect(
            started == [.report(.tooHigh(.root)), .report(.tooHigh(try DNSName("example"))), .fetch])
        let wanted = #"["example", ".", "corp.example", "lab.corp.example", "xcorp.example", "other.test", "a..b"]"#
        let actions = discovery.handle(Self.response(Self.body(zones: wanted)), at: Self.time(0))
        #expect(Self.zones(actions)?.map(\.name.description) == ["corp.example", "lab.corp.example"])
        for refused in [ProvisioningNotice.tooHigh(.root), .tooHigh(try DNSName("example"))] {
            #expect(actions.contains(.report(refused)))
        }
        for refused in ["xcorp.example", "other.test"] {
            #expect(actions.contains(.report(.notAllowed(try DNSName(refused)))))
        }
    }

    @Test func `EN-07: a zone that the next document leaves out is dropped at once`() throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        _ = discovery.handle(Self.response(Self.body()), at: Self.time(0))
        _ = discovery.handle(.timerFired, at: Self.time(3599))
        let next = Self.body(expires: "2027-01-16T09:00:00+01:00", zones: "[]")
        #expect(Self.zones(discovery.handle(Self.response(next), at: Self.time(3599))) == [])
    }

    @Test func `EN-06: an answer that nobody waits for is ignored`() throws {
        var discovery = try Self.discovery()
        #expect(discovery.handle(Self.response(Self.body()), at: Self.time(0)).isEmpty)
    }

    /// Forms of the end, and how many seconds after the beginning it is; nil for none.
    static let moments: [(String, Int64?)] = [
        ("2027-01-15T09:00:00Z", 3600), ("2027-01-15T10:00:00+01:00", 3600), ("2027-01-15T04:30:00-04:30", 3600),
        ("2027-01-15t09:00:00.123z", 3600), ("2027-01-15T08:59:60Z", 3600), ("2027-03-01T08:00:00Z", 45 * 86400),
        ("2028-02-29T00:00:00Z", 366 * 86400), ("2027-02-29T00:00:00Z", nil), ("2027-13-01T00:00:00Z", nil),
        ("2027-01-15T24:00:00Z", nil), ("2027-01-15", nil), ("2027-01-15T09:00:00", nil), ("2027-01-15T09:00Z", nil),
        ("2027-1-15T09:00:00Z", nil), ("2027-01-15T09:00:00.Z", nil), ("2027-01-15T09:00:00Z ", nil), ("", nil),
        ("２０27-01-15T09:00:00Z", nil),
    ]

    @Test(arguments: moments)
    func `EN-06: the end is a date and time of RFC 3339, and no life is longer than a year`(
        text: String, seconds: Int64?
    ) throws {
        var discovery = try Self.discovery()
        _ = discovery.handle(.started, at: Self.time(0))
        let actions = discovery.handle(Self.response(Self.body(expires: text)), at: Self.time(0))
        let zones = [try DNSName("corp.example")]
        if let seconds {
            #expect(actions.contains(.report(.learnt(zones, until: Self.begin + seconds))))
        } else {
            #expect(Self.failures(actions) == [.badExpiration(text)])
        }
    }
}
