import StreamTestSupport
import Testing
import XMPPModel

@testable import DomainAssociation

@Suite("What is remembered of keys")
struct KeyMemoryTests {
    private static func key(_ number: UInt8, seen: Int64 = 1000, by prooftype: ProoftypeName = "pkix") -> KnownKey {
        KnownKey(
            publicKeySHA256: [UInt8](repeating: number, count: 32), prooftype: prooftype, origin: .first,
            firstSeen: seen, lastSeen: seen)
    }

    private static func name(_ text: String) throws -> DomainName { try DomainName(text) }

    @Test func `TP-09: a domain may have several keys, and so many at most; what came last stands first`() {
        var memory = KeyMemory()
        let a = domain("a.example")
        #expect(memory.remember(Self.key(1), of: a) == .first)
        #expect(memory.remember(Self.key(2, seen: 2000), of: a) == .added)
        #expect(memory.remember(Self.key(1, seen: 9000, by: "dane"), of: a) == .known)
        #expect(memory.keys(of: a).map(\.publicKeySHA256[0]) == [1, 2])
        #expect(memory.keys(of: a)[0].prooftype == "dane" && memory.keys(of: a)[0].firstSeen == 1000)
        for number in 10...30 { #expect(memory.remember(Self.key(UInt8(number)), of: a) != .known) }
        #expect(memory.keys(of: a).count == KeyMemory.mostKeys)
        #expect(memory.forget(a).count == KeyMemory.mostKeys && memory.forget(a) == [] && memory.count == 0)
        #expect(memory.remember(Self.key(7), of: a) == .first)
    }

    @Test func `TP-09: a key that was accepted unexplained can be explained later, and not the other way round`() {
        var memory = KeyMemory()
        let a = domain("a.example")
        for (origin, expected) in [
            (KnownKey.Origin.unexplained, KnownKey.Origin.unexplained), (.first, .unexplained),
            (.explained, .explained),
            (.unexplained, .explained),
        ] {
            var key = Self.key(1)
            key.origin = origin
            _ = memory.remember(key, of: a)
            #expect(memory.keys(of: a).map(\.origin) == [expected])
        }
    }

    /// Proved by a certificate with this key, before anything was known of the domain.
    private static func association(
        _ number: UInt8, isPublished: Bool, knowing keys: [KnownKey] = []
    ) throws -> Association {
        struct Published: Prooftype {
            let name: ProoftypeName = "published"
            let explainsKeyChanges = true
            func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
                .proven(Proof(["matched": "it"], expires: nil))
            }
        }
        let claim = DomainClaim(
            pair: pair("a.example", "b.example"), side: .sender,
            certificates: [
                PeerCertificate(
                    der: [], sha256: [number], subjectPublicKeyInfoSHA256: [UInt8](repeating: number, count: 32))
            ], moment: 100, knownKeys: keys)
        let pkix = ScriptedProoftype("pkix", always: .proven(Proof(["matched": "it"], expires: nil)))
        var proofCase = ProofCase(claim, under: FederationPolicy(prooftypes: isPublished ? [Published()] : [pkix]))
        guard case .concluded(.proven(let proven))? = proofCase.handle(.opened).first else {
            throw KeyMemory.Damage(line: 0, reason: "not proved")
        }
        return proven.association(by: .external)
    }

    @Test(arguments: [(false, KnownKey.Origin.unexplained), (true, .explained)])
    func `TP-09: of two keys that come at the same moment, only the first is believed for that`(
        isPublished: Bool, origin: KnownKey.Origin
    ) throws {
        var memory = KeyMemory()
        #expect(memory.remember(try Self.association(1, isPublished: isPublished)) == .first)
        #expect(memory.remember(try Self.association(2, isPublished: isPublished)) == .added)
        #expect(memory.remember(try Self.association(1, isPublished: isPublished)) == .known)
        #expect(memory.keys(of: domain("a.example")).map(\.origin) == [origin, .first])
    }

    @Test func `TP-09: a key that came in place of others is no first one, though they were forgotten meanwhile`()
        throws
    {
        var memory = KeyMemory()
        let association = try Self.association(2, isPublished: false, knowing: [Self.key(1)])
        #expect(association.keyChange != nil)
        _ = memory.remember(association)
        #expect(memory.keys(of: domain("a.example")).map(\.origin) == [.unexplained])
    }

    @Test func `DO-06: a domain that is seen is not long absent, whatever became of its former keys`() throws {
        var memory = KeyMemory(capacity: 2)
        let (seen, absent, newcomer) = (domain("a.example"), domain("b.test"), domain("new.example"))
        let later = 1001 + KeyMemory.longestAbsence
        for domain in [seen, absent] { _ = memory.remember(Self.key(1), of: domain) }
        _ = memory.remember(Self.key(2, seen: later), of: seen)
        #expect(memory.remember(Self.key(3, seen: later), of: newcomer) == .first)
        #expect(memory.keys(of: seen).count == 2 && memory.keys(of: absent).isEmpty)
    }

    @Test func `DO-06: a busy domain does not change the memory all day`() {
        var memory = KeyMemory()
        let a = domain("a.example")
        _ = memory.remember(Self.key(1, seen: 1000), of: a)
        let revision = memory.revision
        _ = memory.remember(Self.key(1, seen: 1000 + KeyMemory.resolution - 1), of: a)
        #expect(memory.revision == revision)
        _ = memory.remember(Self.key(1, seen: 1000 + KeyMemory.resolution), of: a)
        #expect(memory.revision != revision && memory.keys(of: a)[0].lastSeen == 1000 + KeyMemory.resolution)
    }

    @Test func `DO-06: a flood of domains takes no place of others`() throws {
        var memory = KeyMemory(capacity: 300)
        let known = try (0..<100).map { try Self.name("host\($0).net\($0).example\($0).test") }
        for domain in known { #expect(memory.remember(Self.key(1), of: domain) == .first) }
        for number in 0..<3000 {
            _ = memory.remember(Self.key(2, seen: 2000 + Int64(number)), of: try Self.name("x\(number).evil.test"))
        }
        #expect(memory.count <= 300)
        #expect(known.allSatisfy { memory.keys(of: $0).count == 1 })
        // A newcomer takes the place of one of the crowd.
        #expect(memory.remember(Self.key(3, seen: 9000), of: domain("new.example")) == .first)
        #expect(known.allSatisfy { memory.keys(of: $0).count == 1 })
    }

    @Test
    func
        `DO-06: ten names of a stranger for each place push out none that has been coming for long, whatever its name`()
        throws
    {
        // Both share their last two labels with the flood, as customers of one provider do.
        let capacity = 1500
        var memory = KeyMemory(capacity: capacity)
        let (steady, fresh) = (domain("watched.provider.test"), domain("fresh.provider.test"))
        _ = memory.remember(Self.key(1), of: steady)
        _ = memory.remember(Self.key(1, seen: 1000 + 2 * KeyMemory.resolution), of: steady)
        _ = memory.remember(Self.key(1, seen: 10_000), of: fresh)
        for number in 0..<10 * capacity {
            _ = memory.remember(
                Self.key(2, seen: 20_000 + Int64(number)), of: try Self.name("x\(number).provider.test"))
        }
        #expect(memory.keys(of: steady).count == 1 && memory.keys(of: fresh).isEmpty)
        #expect(memory.count <= capacity)
    }

    @Test func `TP-09: keys that nothing explains push out none that is believed, and are told of so often at most`() {
        var memory = KeyMemory()
        let a = domain("a.example")
        func key(_ number: UInt8, _ origin: KnownKey.Origin, at moment: Int64) -> KnownKey {
            KnownKey(
                publicKeySHA256: [UInt8](repeating: number, count: 32), prooftype: "pkix", origin: origin,
                firstSeen: moment, lastSeen: moment)
        }
        _ = memory.remember(key(1, .first, at: 1000), of: a)
        _ = memory.remember(key(2, .explained, at: 2000), of: a)
        var told = 0
        // Key after key, and then the same ones again, as whoever wants an alarm each time would do.
        for round in 0..<3 {
            for number in 10..<60 {
                let moment = 100_000 + Int64(round * 100 + number)
                let outcome = memory.remember(key(UInt8(number), .unexplained, at: moment), of: a)
                #expect(outcome == .added || outcome == .repeated)
                if outcome == .added { told += 1 }
            }
        }
        #expect(told == KeyMemory.mostKeys - 2)
        #expect(memory.keys(of: a).suffix(2).map(\.publicKeySHA256[0]) == [2, 1])
        // Another day it is news again.
        #expect(memory.remember(key(99, .unexplained, at: 200_000), of: a) == .added)
        // Keys that the domain itself names take the place of the oldest, when there are none else.
        for number in 100..<120 { _ = memory.remember(key(UInt8(number), .explained, at: 300_000), of: a) }
        #expect(memory.keys(of: a).allSatisfy { $0.origin != .unexplained })
        #expect(memory.keys(of: a).count == KeyMemory.mostKeys)
    }

    @Test func `DO-06: where nobody makes way the newcomer is not remembered, until somebody was long absent`() throws {
        var memory = KeyMemory(capacity: 50)
        for number in 0..<50 {
            #expect(memory.remember(Self.key(1), of: try Self.name("a.b\(number).test")) == .first)
        }
        let newcomer = domain("new.example")
        #expect(memory.remember(Self.key(2, seen: 2000), of: newcomer) == .full)
        #expect(memory.keys(of: newcomer) == [] && memory.count == 50)
        let later = 1001 + KeyMemory.longestAbsence
        _ = memory.remember(Self.key(1, seen: later), of: domain("a.b7.test"))
        #expect(memory.remember(Self.key(2, seen: later), of: newcomer) == .first)
        #expect(memory.count == 2 && memory.keys(of: domain("a.b7.test")).count == 1)
    }

    // MARK: - The file

    private static func filled() -> KeyMemory {
        var memory = KeyMemory()
        _ = memory.remember(key(1), of: domain("a.example"))
        _ = memory.remember(key(2, seen: 5000, by: "dane"), of: domain("a.example"))
        _ = memory.remember(key(3, by: "posh"), of: domain("xn--bcher-kva.example"))
        return memory
    }

    @Test func `TP-09: what was kept is read as it was`() throws {
        for memory in [KeyMemory(), Self.filled()] {
            let read = try KeyMemory(text: memory.text)
            #expect(read.domains == memory.domains)
            for domain in memory.domains { #expect(read.keys(of: domain) == memory.keys(of: domain)) }
            #expect(read.text == memory.text)
        }
    }

    @Test func `TP-09: no part of what was kept is taken for the whole`() {
        let text = Self.filled().text
        for length in 0..<text.utf8.count {
            #expect(throws: KeyMemory.Damage.self) {
                try KeyMemory(text: String(decoding: text.utf8.prefix(length), as: UTF8.self))
            }
        }
    }

    @Test(arguments: [
        ("first", "found"), ("pkix", ""), ("1000 1000", "1000"), ("1000 1000", "1000 999"), ("0101", "010"),
        ("0101", "01ZZ"), ("ligase", "ligate"), ("end 3", "end 2"), ("a.example", "a..example"),
    ])
    func `TP-09: what is damaged is not believed`(original: String, replacement: String) throws {
        let text = Self.filled().text
        let parts = text.split(separator: original, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let damaged = parts.joined(separator: replacement)
        #expect(throws: KeyMemory.Damage.self) { try KeyMemory(text: damaged) }
    }

    @Test func `TP-09: a key that stands twice is damage`() throws {
        let lines = Self.filled().text.split(separator: "\n").map(String.init)
        let text = ([lines[0], lines[1], lines[1], "end 2"]).joined(separator: "\n") + "\n"
        #expect(throws: KeyMemory.Damage.self) { try KeyMemory(text: text) }
    }
}
