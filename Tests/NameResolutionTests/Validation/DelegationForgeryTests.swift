import DNSMessages
import NameResolution
import Testing

@Suite struct DelegationForgeryTests {
    /// A root and `test.`, whose DS records or keys a test makes as it likes.
    private static func status(
        signers: (SigningKey) -> [DelegationSigner], keys: (SigningKey) -> [SigningKey] = { [$0] },
        limits: ValidationLimits = ValidationLimits()
    ) throws -> ValidationVerdict {
        var tree = SignedTree()
        let (root, key) = (try SignedTree.key("."), try SignedTree.key("test"))
        let delegation = try SignedTree.delegation("test", []) + signers(key).map { $0.record(timeToLive: 300) }
        try tree.add(".", keys: [root], delegation)
        try tree.add("test", keys: keys(key), [TestRecords.address("www.test", "192.0.2.1")])
        var scene = ValidationScene(tree, anchors: [SignedTree.anchor(root)], limits: limits)
        return try scene.verdict("www.test", .a)
    }

    private static func signer(
        _ key: SigningKey, digestType: UInt8 = 2, algorithm: UInt8? = nil, isWrong: Bool = false
    ) -> DelegationSigner {
        let digest = key.zoneKey.digest(type: digestType) ?? Array(repeating: 7, count: 32)
        return DelegationSigner(
            owner: key.zoneKey.owner, keyTag: key.zoneKey.tag,
            algorithm: algorithm.map(SigningAlgorithm.init(rawValue:)) ?? key.zoneKey.algorithm,
            digestType: digestType, digest: isWrong ? digest.map { $0 ^ 1 } : digest)
    }

    @Test(arguments: [1, 2, 4] as [UInt8])
    func `DS-05: each digest leads to the keys, and a wrong one is bogus`(type: UInt8) throws {
        #expect(try Self.status(signers: { [Self.signer($0, digestType: type)] }).report.status == .secure)
        let wrong = try Self.status(signers: { [Self.signer($0, digestType: type, isWrong: true)] })
        #expect(wrong.report.status == .bogus)
        #expect(wrong.report.reason.hasPrefix("no DNSKEY of test matches DS "))
    }

    @Test(arguments: [(250, 2), (1, 2), (3, 2), (13, 99), (13, 3)] as [(UInt8, UInt8)])
    func `DS-05, DS-12: only unsupported algorithms or digests make the zone insecure`(
        algorithm: UInt8, digestType: UInt8
    ) throws {
        let verdict = try Self.status(signers: {
            [Self.signer($0, digestType: digestType, algorithm: algorithm)]
        })
        #expect(verdict.report.status == .insecure, "\(verdict.report.reason)")
        let beside = try Self.status(signers: {
            [Self.signer($0, digestType: digestType, algorithm: algorithm), Self.signer($0)]
        })
        #expect(beside.report.status == .secure, "\(beside.report.reason)")
    }

    @Test func `DS-05: SHA-1 counts only without a better digest`() throws {
        let weak = try Self.status(signers: {
            [Self.signer($0, digestType: 1), Self.signer($0, digestType: 2, isWrong: true)]
        })
        #expect(weak.report.status == .bogus)
        let off = ValidationLimits(acceptsSHA1: false)
        #expect(try Self.status(signers: { [Self.signer($0, digestType: 1)] }, limits: off).report.status == .insecure)
    }

    @Test func `DS-05: a key counts only as a zone key that is not revoked`() throws {
        for flags in [0, 1, 0x0180, 0x0181] as [UInt16] {
            let verdict = try Self.status(
                signers: { [Self.signer($0.published(flags: flags))] }, keys: { [$0.published(flags: flags)] })
            #expect(verdict.report.status == .bogus, "\(verdict.report.reason)")
        }
    }

    enum Server: CaseIterable {
        case stripsDS, stripsDSAndSignatures, saysNothing, saysNoName, stripsKeys, stripsSignatures, otherKeys
        case childDenial, parentDenial
    }

    @Test(arguments: Server.allCases)
    func `DS-06: a server that hides that a zone is signed makes it bogus, never insecure`(server: Server) throws {
        let example = try ExampleTree()
        for answersAreSigned in [false, true] {
            var scene = example.scene()
            let other = try SignedTree.key("a.test")
            scene.falsify = { question, response in
                let concerned = question.name == (try DNSName("a.test"))
                guard concerned else { return .success(response) }
                switch (server, question.type) {
                case (.stripsDS, .ds): return .success(response.without { $0.type == .ds })
                case (.stripsDSAndSignatures, .ds), (.saysNothing, _): return .success(response.with(answers: []))
                case (.saysNoName, _): return .success(response.with(.nameError, answers: []))
                case (.stripsKeys, .dnskey): return .success(response.without { $0.type == .dnskey })
                case (.stripsSignatures, _): return .success(response.without { $0.type == .rrsig })
                case (.otherKeys, .dnskey):
                    let keys = [other.zoneKey.record(timeToLive: 300)]
                    let signature = try other.sign(
                        keys, inception: UInt32(SignedTree.now) - 9, expiration: UInt32(SignedTree.now) + 9)
                    return .success(response.with(answers: keys + [signature.record]))
                case (.childDenial, .ds):
                    // The NSEC of the child's apex shows no DS, of course.
                    let child = try #require(example.tree.zones[DNSName("a.test")])
                    return .success(response.with(answers: [], authorities: child.set(child.name, .nsec)))
                case (.parentDenial, .ds):
                    let root = try #require(example.tree.zones[.root])
                    return .success(response.with(answers: [], authorities: root.set(try DNSName("test"), .nsec)))
                default: return .success(response)
                }
            }
            let verdict = try scene.verdict("www.a.test", .a) { response in
                answersAreSigned
                    ? response
                    : response.without { $0.type == .rrsig }.with(answers: [
                        try TestRecords.address("www.a.test", "203.0.113.66")
                    ])
            }
            #expect(verdict.report.status == .bogus, "\(answersAreSigned): \(verdict.report.reason)")
        }
    }

    enum Denial: CaseIterable { case stripped, unsigned, withoutNS, withDS, ofApex, garbage }

    @Test(arguments: Denial.allCases, ["i.test", "island.test"])
    func `DS-06: an unsigned delegation without its proof is bogus`(denial: Denial, zone: String) throws {
        let example = try ExampleTree()
        let key = try #require(example.keys["test"])
        var scene = example.scene()
        scene.falsify = { question, response in
            guard question == DNSQuestion(try DNSName(zone), .ds) else { return .success(response) }
            func resigned(_ types: [RecordType]) throws -> DNSResponse {
                let honest = response.authorities.compactMap(NextSecure.init)
                let records = honest.map {
                    NextSecure(owner: $0.owner, next: $0.next, types: RecordTypeSet(types)).record(timeToLive: 300)
                }
                let signature = try key.sign(
                    records, inception: UInt32(SignedTree.now) - 9, expiration: UInt32(SignedTree.now) + 9)
                return response.with(authorities: records + [signature.record])
            }
            switch denial {
            case .stripped: return .success(response.with(authorities: []))
            case .unsigned: return .success(response.without { $0.type == .rrsig })
            case .withoutNS: return .success(try resigned([.a, .nsec, .rrsig]))
            case .withDS: return .success(try resigned([.ns, .ds, .nsec, .rrsig]))
            case .ofApex: return .success(try resigned([.ns, .soa, .nsec, .rrsig]))
            case .garbage:
                return .success(
                    response.with(
                        authorities: response.authorities.map { record in
                            guard let signature = RecordSignature(record) else { return record }
                            return DNSRecord(
                                owner: record.owner, type: .rrsig, timeToLive: 300,
                                octets: Array(signature.record.wire.suffix(40)))
                        }))
            }
        }
        let verdict = try scene.verdict("www.\(zone)", .a)
        #expect(verdict.report.status == .bogus, "\(verdict.report.reason)")
    }

    @Test func `DS-06: the reason names the record that denies the DS`() throws {
        var scene = try ExampleTree().scene()
        let report = try scene.verdict("www.i.test", .a).report
        #expect(report.reason == "no DS for i.test, denied by NSEC i.test → island.test: insecure delegation")
        #expect(report.chain.map(\.zone.description) == [".", "test", "test", "i.test"] || report.chain.count >= 3)
        #expect(report.chain.last?.status == .insecure)
    }

    @Test func `DS-02: closest anchors count, of keys or digests, and without one everything is insecure`() throws {
        let example = try ExampleTree()
        let test = try #require(example.keys["test"])
        let island = try #require(example.keys["island.test"])
        let byKey = TrustAnchor(zone: island.zoneKey.owner, keys: [island.zoneKey])
        var scene = ValidationScene(example.tree, anchors: [SignedTree.anchor(test), byKey])
        #expect(try scene.status("www.a.test", .a) == .secure)
        #expect(try scene.status("www.island.test", .a) == .secure)
        #expect(try scene.status("absent.island.test", .a) == .secure)
        #expect(try scene.status(".", .soa) == .insecure)
        var none = ValidationScene(example.tree, anchors: [])
        #expect(try none.status("www.a.test", .a) == .insecure)
        #expect(none.fetches.isEmpty)
    }

    @Test func `EN-10: an internal zone is secure by an anchor of its own and bogus by its parent's denial`() throws {
        var example = try ExampleTree().tree
        let anchor = try ExampleTree().anchor
        _ = anchor
        let keys = try SignedTree.key("corp.test")
        let public1 = try ExampleTree()
        example = public1.tree
        try example.add("corp.test", keys: [keys], [TestRecords.address("www.corp.test", "192.0.2.7")])
        var bogus = ValidationScene(example, anchors: [public1.anchor])
        #expect(try bogus.status("www.corp.test", .a) == .bogus)
        var secure = ValidationScene(example, anchors: [public1.anchor, SignedTree.anchor(keys)])
        #expect(try secure.status("www.corp.test", .a) == .secure)
        secure.validator.replaceAnchors(TrustAnchorSet([public1.anchor]))
        #expect(secure.validator.zonesKept == 0)
        #expect(try secure.status("www.corp.test", .a) == .bogus)
    }
}
