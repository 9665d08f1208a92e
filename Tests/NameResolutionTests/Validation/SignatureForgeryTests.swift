import DNSMessages
import NameResolution
import Testing

@Suite struct SignatureForgeryTests {
    enum Fault: CaseIterable {
        case owner, type, moreLabels, fewerLabels, expired, future, reversed, keyTag, algorithm, signature, data
        case signerAbove, signerBelow, signerBeside, signerNamed, unsigned, foreignKey
    }

    /// The one signature over the SRV set of `a.test`, with one thing wrong in it and else rightly made.
    private static func broken(_ fault: Fault, _ example: ExampleTree, _ answers: [DNSRecord]) throws -> [DNSRecord] {
        let records = answers.filter { $0.type == .srv }
        guard let good = answers.compactMap(RecordSignature.init).first, let key = example.keys["a.test"],
            let parent = example.keys["test"], let beside = example.keys["b.test"]
        else { throw DNSNameError.malformed }
        let now = UInt32(SignedTree.now)
        func sign(
            by key: SigningKey, signer: String? = nil, labels: UInt8? = nil, from inception: UInt32 = now - 3600,
            until expiration: UInt32 = now + 3600, tag: UInt16? = nil
        ) throws -> [DNSRecord] {
            let unsigned = RecordSignature(
                owner: good.owner, coveredType: good.coveredType, algorithm: good.algorithm,
                labels: labels ?? good.labels, originalTimeToLive: good.originalTimeToLive, expiration: expiration,
                inception: inception, keyTag: tag ?? key.zoneKey.tag,
                signer: try signer.map { try DNSName($0) } ?? key.zoneKey.owner, signature: [], timeToLive: 300)
            return records + [try key.complete(unsigned, over: records).record]
        }
        func altered(owner: DNSName? = nil, type: RecordType? = nil, algorithm: UInt8? = nil, labels: UInt8? = nil)
            -> [DNSRecord]
        {
            records + [
                RecordSignature(
                    owner: owner ?? good.owner, coveredType: type ?? good.coveredType,
                    algorithm: algorithm.map(SigningAlgorithm.init(rawValue:)) ?? good.algorithm,
                    labels: labels ?? good.labels, originalTimeToLive: good.originalTimeToLive,
                    expiration: good.expiration, inception: good.inception, keyTag: good.keyTag, signer: good.signer,
                    signature: good.signature.map {
                        owner == nil && type == nil && algorithm == nil && labels == nil ? $0 ^ 1 : $0
                    },
                    timeToLive: 300
                ).record
            ]
        }
        switch fault {
        case .owner: return altered(owner: try DNSName("www.a.test"))
        case .type: return altered(type: .a)
        case .moreLabels: return altered(labels: good.labels + 1)
        case .fewerLabels: return try sign(by: key, labels: 2)
        case .expired: return try sign(by: key, until: now - 301)
        case .future: return try sign(by: key, from: now + 301)
        case .reversed: return try sign(by: key, from: now + 200, until: now + 100)
        case .keyTag: return try sign(by: key, tag: key.zoneKey.tag &+ 1)
        case .algorithm: return altered(algorithm: SigningAlgorithm.ed25519.rawValue)
        case .signature: return altered()
        case .data:
            return answers.filter { $0.type != .srv } + [
                try TestRecords.service("_xmpp-server._tcp.a.test", 0, 0, 5269, "evil.test")
            ]
        case .signerAbove: return try sign(by: parent)
        case .signerBelow: return try sign(by: key, signer: "_tcp.a.test")
        case .signerBeside: return try sign(by: beside)
        case .signerNamed: return try sign(by: beside, signer: "a.test")
        case .unsigned: return records
        case .foreignKey: return try sign(by: try SignedTree.key("a.test"))
        }
    }

    @Test(arguments: Fault.allCases, [false, true])
    func `DS-03: a signature with one thing wrong in it is bogus`(fault: Fault, isWarm: Bool) throws {
        let example = try ExampleTree()
        var scene = example.scene()
        if isWarm { #expect(try scene.status("_xmpp-server._tcp.a.test", .srv) == .secure) }
        let verdict = try scene.verdict("_xmpp-server._tcp.a.test", .srv) {
            $0.with(answers: try Self.broken(fault, example, $0.answers))
        }
        // What the parent signs is known to be the child's business only when the cut is known.
        guard fault != .signerAbove || isWarm else { return }
        #expect(verdict.report.status == .bogus, "\(verdict.report.reason)")
        #expect(verdict.report.reason.contains("a.test"))
    }

    @Test func `DS-03: the clock may be wrong by the tolerance, and the reason names record, key and moment`() throws {
        let example = try ExampleTree()
        var scene = example.scene()
        let end = SignedTree.now + Int64(SignedTree.week)
        scene.time.wallClock = end + 300
        #expect(try scene.status("www.a.test", .a) == .secure)
        var late = example.scene()
        late.time.wallClock = end + 301
        #expect(try late.status("www.a.test", .a) == .bogus)

        let key = try #require(example.keys["a.test"])
        let verdict = try scene.verdict("www.a.test", .a) { response in
            let records = response.answers.filter { $0.type == .a }
            let signature = try key.sign(records, inception: 1_790_000_000, expiration: 1_799_999_000)
            return response.with(answers: records + [signature.record])
        }
        #expect(
            verdict.report.reason
                == "RRSIG of www.a.test A by key \(key.zoneKey.tag) of a.test expired at 2027-01-15T07:43:20Z")
    }

    @Test func `DS-04: one good signature is enough beside garbage and unknown keys`() throws {
        let example = try ExampleTree()
        var scene = example.scene()
        let stranger = try SignedTree.key("a.test")
        let status = try scene.status("www.a.test", .a) { response in
            let records = response.answers.filter { $0.type == .a }
            let garbage = try stranger.sign(
                records, inception: UInt32(SignedTree.now) - 10, expiration: UInt32(SignedTree.now) + 10)
            let elsewhere = try stranger.sign(
                records, inception: 1, expiration: 2, signer: DNSName("www.a.test"))
            return response.with(answers: [garbage.record, elsewhere.record] + response.answers)
        }
        #expect(status == .secure)
    }

    @Test(arguments: [
        SigningAlgorithm.rsaSHA1, .rsaSHA1NSEC3, .rsaSHA256, .rsaSHA512, .ecdsaP256SHA256, .ecdsaP384SHA384, .ed25519,
        .ed448,
    ])
    func `DS-12: a zone of each algorithm is secure, with SHA-1 only where that is accepted`(
        algorithm: SigningAlgorithm
    ) throws {
        let example = try ExampleTree(algorithm: algorithm)
        var scene = example.scene()
        #expect(try scene.status("www.a.test", .a) == .secure)
        #expect(try scene.status("absent.a.test", .a) == .secure)
        var strict = example.scene(limits: ValidationLimits(acceptsSHA1: false))
        let isSHA1 = algorithm == .rsaSHA1 || algorithm == .rsaSHA1NSEC3
        #expect(try strict.status("www.a.test", .a) == (isSHA1 ? .insecure : .secure))
    }

    @Test func `DS-11: shuffled records with a lower time to live are secure`() throws {
        var scene = try ExampleTree().scene()
        let verdict = try scene.verdict("www.a.test", .a) { response in
            response.with(
                answers: try response.answers.reversed().map {
                    try SignedZone.moved($0, to: $0.owner, timeToLive: 17)
                })
        }
        #expect(verdict.report.status == .secure)
        #expect(verdict.lifetime == .seconds(17))
    }
}
