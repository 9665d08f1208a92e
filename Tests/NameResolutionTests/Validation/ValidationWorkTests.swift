import DNSMessages
import NameResolution
import Testing

@Suite struct ValidationWorkTests {
    /// Keys with the tag and algorithm of a good one: the tag is a sum, so the words may change places.
    private static func colliding(with key: ZoneKey, _ count: Int) -> [ZoneKey] {
        (1...count).map { turn in
            var octets = key.publicKey
            octets.swapAt(0, 2 * turn % octets.count)
            octets.swapAt(1, (2 * turn + 1) % octets.count)
            return ZoneKey(owner: key.owner, flags: key.flags, algorithm: key.algorithm, publicKey: octets)
        }
    }

    private static func scene(
        standby: (ZoneKey) -> [ZoneKey], limits: ValidationLimits = ValidationLimits()
    ) throws -> (ValidationScene, SigningKey) {
        var tree = SignedTree()
        let key = try SignedTree.key("test")
        let name = try DNSName("test")
        var signer = ZoneSigner(
            zone: name, keys: [key], inception: UInt32(SignedTree.now) - 9, expiration: UInt32(SignedTree.now) + 999)
        signer.standbyKeys = standby(key.zoneKey)
        tree.zones[name] = try SignedZone(
            name: name, signer: signer,
            records: [TestRecords.start("test"), TestRecords.address("www.test", "192.0.2.1")])
        return (ValidationScene(tree, anchors: [SignedTree.anchor(key)], limits: limits), key)
    }

    @Test func `DS-03: of two keys with one tag the right one is found`() throws {
        var (scene, key) = try Self.scene { Self.colliding(with: $0, 1) }
        #expect(Self.colliding(with: key.zoneKey, 1).map(\.tag) == [key.zoneKey.tag])
        #expect(try scene.status("www.test", .a) == .secure)
        #expect(try scene.status("absent.test", .a) == .secure)
    }

    @Test func `DS-03: a flood of keys and signatures is refused after a counted number of checks`() throws {
        let limits = ValidationLimits()
        var (scene, _) = try Self.scene { Self.colliding(with: $0, 25) }
        let verdict = try scene.verdict("www.test", .a) { response in
            let flood = (0..<200).map { index -> [DNSRecord] in
                response.answers.compactMap(RecordSignature.init).map { good in
                    var octets = good.signature
                    octets[0] ^= UInt8(truncatingIfNeeded: index)
                    octets[1] ^= 1
                    return RecordSignature(
                        owner: good.owner, coveredType: good.coveredType, algorithm: good.algorithm,
                        labels: good.labels, originalTimeToLive: good.originalTimeToLive,
                        expiration: good.expiration, inception: good.inception, keyTag: good.keyTag,
                        signer: good.signer, signature: octets, timeToLive: 300
                    ).record
                }
            }
            return response.with(answers: response.answers.filter { $0.type != .rrsig } + flood.flatMap(\.self))
        }
        #expect(verdict.report.status == .bogus)
        #expect(scene.validator.signatureChecks <= limits.signatureChecksPerSet * 3)
    }

    @Test func `DS-09: a flood of denials is refused after a counted number of checks, turn by turn`() throws {
        let limits = ValidationLimits(signatureChecks: 20)
        var (scene, key) = try Self.scene(standby: { _ in [] }, limits: limits)
        let verdict = try scene.verdict("absent.test", .a) { response in
            var flood: [DNSRecord] = []
            for index in 0..<100 {
                let record = NextSecure(
                    owner: try DNSName("n\(index).test"), next: try DNSName("n\(index)x.test"),
                    types: RecordTypeSet([.a])
                ).record(timeToLive: 300)
                let good = try key.sign(
                    [record], inception: UInt32(SignedTree.now) - 9, expiration: UInt32(SignedTree.now) + 9)
                for turn in 0..<3 {
                    var octets = good.signature
                    octets[turn] ^= 1
                    flood.append(
                        RecordSignature(
                            owner: good.owner, coveredType: .nsec, algorithm: good.algorithm, labels: good.labels,
                            originalTimeToLive: 300, expiration: good.expiration, inception: good.inception,
                            keyTag: good.keyTag, signer: good.signer, signature: octets, timeToLive: 300
                        ).record)
                }
                flood.append(record)
            }
            return response.with(authorities: flood)
        }
        #expect(verdict.report.status == .bogus)
        #expect(verdict.report.reason == "the signatures take more than 20 checks")
        #expect(scene.validator.signatureChecks == 20)
        #expect(scene.turns >= 4)
        #expect(scene.validator.tasksUnderWay == 0)
    }

    @Test func `DS-09: the hashing of names has a bound`() throws {
        let example = try ExampleTree()
        var scene = example.scene(limits: ValidationLimits(hashRounds: 12))
        let verdict = try scene.verdict("x.y.absent.h.test", .a)
        #expect(verdict.report.status == .bogus)
        #expect(verdict.report.reason == "the NSEC3 records take more than 12 rounds of hashing")
    }

    @Test func `DS-01: the queries for one question have a bound`() throws {
        let example = try ExampleTree()
        var scene = example.scene(limits: ValidationLimits(fetches: 4))
        let name = Array(repeating: "x", count: 60).joined(separator: ".") + ".a.test"
        let verdict = try scene.verdict(name, .a) { $0.with(.noError, answers: [], authorities: []) }
        #expect(verdict.report.status == .bogus)
        #expect(verdict.report.reason == "the chain of trust takes more than 4 queries")
        #expect(scene.fetches.count <= 4)
    }

    @Test func `DS-01: what cannot be fetched is indeterminate, and asked again only a while later`() throws {
        var scene = try ExampleTree().scene()
        scene.falsify = { question, response in
            question.type == .dnskey ? .failure(.timedOut) : .success(response)
        }
        let verdict = try scene.verdict("www.a.test", .a)
        #expect(verdict.report.status == .indeterminate)
        #expect(verdict.report.reason == "the keys of . could not be fetched: no name server answered in time")
        #expect(verdict.lifetime == nil)
        let count = scene.fetches.count
        #expect(try scene.status("www.a.test", .a) == .indeterminate)
        #expect(try scene.status("www.b.test", .a) == .indeterminate)
        #expect(!scene.fetches[count...].contains(DNSQuestion(.root, .dnskey)))
        scene.falsify = { .success($1) }
        scene.time.elapsed += .seconds(6)
        #expect(try scene.status("www.a.test", .a) == .secure)
    }

    @Test func `DS-01: an answer to a fetch that does not hold is fetched once more`() throws {
        var scene = try ExampleTree().scene()
        var asked: [DNSQuestion: Int] = [:]
        scene.falsify = { question, response in
            asked[question, default: 0] += 1
            return .success(asked[question] == 1 ? response.without { $0.type == .rrsig } : response)
        }
        #expect(try scene.status("www.a.test", .a) == .secure)
    }

    @Test func `DS-15: a verdict and kept keys end with their signatures`() throws {
        var tree = SignedTree()
        let key = try SignedTree.key("test")
        try tree.add(
            "test", keys: [key], expiration: UInt32(SignedTree.now) + 5,
            [TestRecords.record("www.test", .a(try #require(IPAddress("192.0.2.1"))), 3600)])
        var scene = ValidationScene(tree, anchors: [SignedTree.anchor(key)])
        #expect(try scene.verdict("www.test", .a).lifetime == .seconds(5))
        scene.time = ResolutionTime(elapsed: .seconds(4), wallClock: SignedTree.now + 4)
        #expect(try scene.verdict("www.test", .a).lifetime == .seconds(1))
        #expect(scene.fetches.count == 1)
        scene.time = ResolutionTime(elapsed: .seconds(6), wallClock: SignedTree.now + 6)
        let late = try scene.verdict("www.test", .a)
        #expect(late.report.status == .secure)
        #expect(late.lifetime == .zero)
        #expect(scene.fetches.count == 2)
    }

    @Test func `DS-01: questions that need the same keys share one fetch, take turns, and may be given up`() throws {
        let example = try ExampleTree()
        var validator = Validator(
            anchors: TrustAnchorSet([example.anchor]), limits: ValidationLimits(checksPerTurn: 1))
        let time = ResolutionTime(elapsed: .zero, wallClock: SignedTree.now)
        var queue: [Validator.Action] = []
        for (identifier, name) in ["www.a.test", "absent.a.test", "x.wild.a.test", "www.a.test"].enumerated() {
            let question = DNSQuestion(try DNSName(name), .a)
            let task = ValidationScene.task(question, try example.tree.respond(question))
            queue += validator.handle(.began(task, identifier: identifier), at: time)
        }
        #expect(validator.handle(.cancelled(identifier: 3), at: time).isEmpty)
        var fetches: [DNSQuestion] = []
        var concluded: [Int: SecurityStatus] = [:]
        var pendingTurns = 0
        while !queue.isEmpty {
            switch queue.removeFirst() {
            case .fetch(let question):
                fetches.append(question)
                queue += validator.handle(.fetched(question, .success(try example.tree.respond(question))), at: time)
            case .resumeLater:
                pendingTurns += 1
                let before = validator.signatureChecks
                queue += validator.handle(.resumed, at: time)
                #expect(validator.signatureChecks - before <= 1)
            case .concluded(let identifier, let verdict):
                concluded[identifier] = verdict.report.status
            }
        }
        #expect(concluded == [0: .secure, 1: .secure, 2: .secure])
        #expect(Set(fetches).count == fetches.count)
        #expect(pendingTurns > 3)
        #expect(validator.tasksUnderWay == 0)
        let zones = validator.zonesKept
        validator.forget(below: try DNSName("a.test"))
        #expect(validator.zonesKept == zones - 1)
    }

    @Test func `DS-09: verdicts that take no check leave the loop its turn`() throws {
        let example = try ExampleTree()
        let limits = ValidationLimits(checksPerTurn: 4)
        var scene = example.scene(limits: limits)
        #expect(try scene.status("www.i.test", .a) == .insecure)
        let question = DNSQuestion(try DNSName("www.i.test"), .a)
        let task = ValidationScene.task(question, try example.tree.respond(question))
        var validator = scene.validator
        let flood = try DNSQuestion(DNSName("absent.a.test"), .a)
        let expensive = ValidationScene.task(flood, try example.tree.respond(flood))
        var actions: [Validator.Action] = []
        for identifier in 100..<110 {
            actions += validator.handle(.began(expensive, identifier: identifier), at: scene.time)
        }
        var verdicts = 0
        var hasCrowd = false
        while !actions.isEmpty {
            switch actions.removeFirst() {
            case .fetch(let asked):
                actions += validator.handle(
                    .fetched(asked, .success(try example.tree.respond(asked))), at: scene.time)
            case .resumeLater:
                // They come while a turn is owed to the loop, and are all ready when it was had.
                for identifier in 110..<150 where !hasCrowd {
                    #expect(validator.handle(.began(task, identifier: identifier), at: scene.time).isEmpty)
                }
                hasCrowd = true
                let more = validator.handle(.resumed, at: scene.time)
                let concluded = more.filter { if case .concluded = $0 { true } else { false } }
                #expect(concluded.count <= limits.checksPerTurn)
                actions += more
            case .concluded: verdicts += 1
            }
        }
        #expect(verdicts == 50)
        #expect(validator.tasksUnderWay == 0)
    }

    @Test func `DS-15: kept zones have a bound`() throws {
        let example = try ExampleTree()
        var scene = example.scene(limits: ValidationLimits(keptZones: 3, keptDelegations: 3))
        for zone in ["a", "b", "h", "o", "many", "i", "a"] { _ = try scene.status("www.\(zone).test", .a) }
        #expect(scene.validator.zonesKept <= 3)
        #expect(try scene.status("www.a.test", .a) == .secure)
    }

    @Test func `DS-01: a validated answer costs one check when warm`() throws {
        let example = try ExampleTree()
        for (name, type, cold, warm): (String, RecordType, Int, Int) in [
            ("www.a.test", .a, 6, 1), ("_xmpp-server._tcp.a.test", .srv, 6, 1), ("absent.a.test", .a, 7, 2),
            ("absent.h.test", .a, 8, 3), ("x.wild.a.test", .a, 7, 2), ("www.i.test", .a, 4, 0),
        ] {
            var scene = example.scene()
            _ = try scene.status(name, type)
            let first = scene.validator.signatureChecks
            _ = try scene.status(name, type)
            let second = scene.validator.signatureChecks - first
            #expect(
                first <= cold && second <= warm,
                "\(name): \(first) cold, \(second) warm, \(scene.fetches.count) queries")
        }
    }
}
