import DNSMessages
import Demonstration
import Testing

@Suite("A hierarchy of signed zones")
struct SignedHierarchyTests {
    private static let now: Int64 = 1_800_000_000
    private static let hierarchy = Result {
        try SignedHierarchy(
            [
                .signed("test"), .signed("nsec.test", text), .signed("nsec3.test", text, denial: .hashed()),
                .unsigned("plain.test", text), .signed("digest.test", text, flaw: .wrongDigest),
                .signed("unknown.test", text, flaw: .unknownAlgorithm),
                .signed("island.test", text, flaw: .notAnnounced), .signed("stripped.test", text, flaw: .unsigned),
                .signed("expired.test", text, flaw: .expired), .signed("future.test", text, flaw: .notYetValid),
                .signed("broken.test", text, flaw: .brokenSignatures([.a])),
                .signed("stranger.test", text, flaw: .unpublishedKey),
            ], now: now)
    }
    private static let text = """
        www   A     192.0.2.1
        *.any A     192.0.2.2
        alias CNAME www
        moved DNAME any
        """

    private static func zone(_ name: String) throws -> EmbeddedZone {
        let origin = try DNSName(name)
        return try #require(try hierarchy.get().zones.first { $0.origin == origin })
    }

    private static func ask(_ name: String, _ type: RecordType, in zone: String) throws -> EmbeddedZone.Reply {
        try self.zone(zone).reply(to: DNSQuestion(try DNSName(name), type))
    }

    private static func types(_ records: [DNSRecord]) -> [String] { records.map(\.type.description).sorted() }

    @Test(arguments: ["nsec", "nsec3"])
    func `an answer comes with its signature, which the zone's key made`(zone: String) throws {
        let reply = try Self.ask("www.\(zone).test", .a, in: "\(zone).test")
        #expect(Self.types(reply.answers) == ["A", "RRSIG"])
        let origin = try DNSName("\(zone).test")
        let key = try #require(try Self.hierarchy.get().keys[origin]).zoneKey
        let signature = try #require(reply.answers.compactMap(RecordSignature.init).first)
        #expect(SignatureCheck.isValid(signature, over: reply.answers.filter { $0.type == .a }, by: key))
        #expect(try Self.ask(origin.description, .dnskey, in: "\(zone).test").answers.contains { ZoneKey($0) == key })
        let signer = try Self.ask(origin.description, .ds, in: "test").answers.compactMap(DelegationSigner.init)
        #expect(signer.count == 1 && signer.allSatisfy { $0.matches(key) })
    }

    @Test(arguments: [
        ("nothing", RecordType.a, ResponseCode.nameError, 2), ("deep.below.www", .a, .nameError, 1),
        ("www", .aaaa, .noError, 1), ("any", .a, .noError, 1), ("x.any", .a, .noError, 1),
        ("x.any", .aaaa, .noError, 2),
    ])
    func `what is absent is proven by NSEC`(name: String, type: RecordType, code: ResponseCode, count: Int) throws {
        let reply = try Self.ask("\(name).nsec.test", type, in: "nsec.test")
        #expect(reply.code == code)
        let gaps = reply.authorities.compactMap(NextSecure.init)
        #expect(gaps.count == count)
        #expect(reply.authorities.filter { $0.type == .rrsig }.count == count + (reply.answers.isEmpty ? 1 : 0))
        #expect(reply.authorities.contains { $0.type == .soa } == reply.answers.isEmpty)
        let own = try DNSName("\(name).nsec.test")
        #expect(gaps.contains { $0.owner == own } == (name == "www"))
        #expect(gaps.contains { $0.owner <= own })
    }

    @Test(arguments: [
        ("nothing", RecordType.a, ResponseCode.nameError), ("a.b.c", .a, .nameError), ("www", .aaaa, .noError),
        ("any", .a, .noError), ("x.any", .a, .noError), ("x.any", .aaaa, .noError),
    ])
    func `what is absent is proven by NSEC3`(name: String, type: RecordType, code: ResponseCode) throws {
        let reply = try Self.ask("\(name).nsec3.test", type, in: "nsec3.test")
        #expect(reply.code == code)
        let gaps = reply.authorities.compactMap(NextSecureHashed.init)
        #expect((1...3).contains(gaps.count))
        #expect(reply.authorities.filter { $0.type == .nsec }.isEmpty)
        let hash = gaps[0].parameters.hash(of: try DNSName("\(name).nsec3.test"))
        // Of a name that exists its own; none of a name that does not.
        #expect(gaps.contains { $0.ownerHash == hash } == (name == "www" || name == "any"))
    }

    @Test func `aliases and redirections are followed within the zone`() throws {
        let alias = try Self.ask("alias.nsec.test", .a, in: "nsec.test")
        #expect(Self.types(alias.answers) == ["A", "CNAME", "RRSIG", "RRSIG"])
        let moved = try Self.ask("x.moved.nsec.test", .a, in: "nsec.test")
        // The alias that is made of the redirection has no signature of its own (RFC 6672 §5.3.1).
        #expect(Self.types(moved.answers) == ["A", "CNAME", "DNAME", "RRSIG", "RRSIG"])
        #expect(moved.answers.last.map(\.owner.description) == "x.any.nsec.test")
    }

    @Test func `each flaw is where it belongs`() throws {
        let signers = { (zone: String) in
            try Self.ask(zone, .ds, in: "test").answers.compactMap(DelegationSigner.init)
        }
        let keys = try Self.hierarchy.get().keys
        for zone in ["digest.test", "unknown.test"] {
            let key = try #require(keys[try DNSName(zone)]).zoneKey
            let signer = try #require(try signers(zone).first)
            #expect(!signer.matches(key) || signer.algorithm.rawValue == 250)
        }
        #expect(try signers("island.test").isEmpty && signers("plain.test").isEmpty)
        #expect(try !signers("stripped.test").isEmpty)
        #expect(try Self.types(Self.ask("www.stripped.test", .a, in: "stripped.test").answers) == ["A"])

        for zone in ["broken.test", "stranger.test", "expired.test", "future.test"] {
            let reply = try Self.ask("www.\(zone)", .a, in: zone)
            let key = try #require(keys[try DNSName(zone)]).zoneKey
            let signature = try #require(reply.answers.compactMap(RecordSignature.init).first)
            let isValid = SignatureCheck.isValid(signature, over: reply.answers.filter { $0.type == .a }, by: key)
            #expect(isValid == (zone == "expired.test" || zone == "future.test"))
            #expect((Int64(signature.expiration) < Self.now) == (zone == "expired.test"))
            #expect((Int64(signature.inception) > Self.now) == (zone == "future.test"))
        }
    }

    @Test func `the anchor and the zones are written as master files`() throws {
        let hierarchy = try Self.hierarchy.get()
        let anchors = try TrustAnchorText.read(hierarchy.anchorText)
        #expect(anchors.compactMap(DelegationSigner.init) == [hierarchy.anchor].compactMap { $0 })
        for zone in hierarchy.zones.map(\.origin) {
            let text = try #require(hierarchy.masterFile(of: zone))
            #expect(try MasterFile.read(text) == hierarchy.records[zone])
        }
        #expect(hierarchy.masterFile(of: try DNSName("elsewhere")) == nil)
        #expect(hierarchy.anchorText(of: try DNSName("plain.test")).isEmpty)
    }

    @Test func `a zone that cannot be read is named`() {
        #expect(throws: SignedHierarchyFailure.self) {
            try SignedHierarchy([.signed("test", "www NONSENSE 1")], now: Self.now)
        }
    }
}
