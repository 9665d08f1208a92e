import DNSMessages
import NameResolution
import Testing

@Suite struct DenialForgeryTests {
    private static let denied: [(String, RecordType)] = ["a.test", "h.test"].flatMap { zone in
        [
            ("absent.\(zone)", .a), ("x.y.absent.\(zone)", .a), ("www.\(zone)", .tlsa), ("empty.\(zone)", .a),
            ("x.wild.\(zone)", .tlsa), ("x.wild.\(zone)", .a), ("x.y.wild.\(zone)", .a), ("nowhere.\(zone)", .a),
            (zone, .aaaa), ("www.\(zone)", .ds),
        ]
    }

    @Test(arguments: denied)
    func `DS-08, DS-09: each denial is bogus with one record or one signature removed`(
        name: String, type: RecordType
    ) throws {
        var scene = try ExampleTree().scene()
        let honest = try scene.tree.respond(DNSQuestion(DNSName(name), type))
        let owners = Set(honest.authorities.filter { $0.type == .nsec || $0.type == .nsec3 }.map(\.owner))
        #expect(!owners.isEmpty)
        for owner in owners {
            for onlySignature in [false, true] {
                let verdict = try scene.verdict(name, type) { response in
                    response.with(
                        authorities: response.authorities.filter {
                            $0.owner != owner || $0.type == .soa || (onlySignature && $0.type != .rrsig)
                        })
                }
                #expect(verdict.report.status == .bogus, "without \(owner): \(verdict.report.reason)")
            }
        }
    }

    @Test(arguments: ["a.test", "h.test", "o.test"])
    func `DS-07: no denial of one thing denies another`(zone: String) throws {
        let example = try ExampleTree()
        var scene = example.scene()
        func denial(_ name: String, _ type: RecordType) throws -> [DNSRecord] {
            try example.tree.respond(DNSQuestion(DNSName(name), type)).authorities
        }
        let everything =
            try denial("www.\(zone)", .tlsa) + denial("alias.\(zone)", .ns) + denial(zone, .aaaa)
            + denial("absent.\(zone)", .a) + denial("d.\(zone)", .a) + denial(zone, .tlsa)
            + denial("x.wild.\(zone)", .tlsa)
        // The alias, what exists, what lies below a redirection and another zone.
        for (name, type): (String, RecordType) in [
            ("alias.\(zone)", .tlsa), ("www.\(zone)", .a), ("x.d.\(zone)", .a), ("x.wild.\(zone)", .a), (zone, .ns),
        ] {
            for code in [ResponseCode.noError, .nameError] {
                let verdict = try scene.verdict(name, type) {
                    $0.with(code, answers: [], authorities: everything)
                }
                #expect(verdict.report.status == .bogus, "\(name) \(type): \(verdict.report.reason)")
            }
        }
    }

    @Test func `DS-07: the parent's NSEC at a cut denies nothing but the DS of the child`() throws {
        let example = try ExampleTree()
        let parent = try #require(example.tree.zones[DNSName("test")])
        let atCut = parent.set(try DNSName("a.test"), .nsec)
        for isWarm in [false, true] {
            for (name, type): (String, RecordType) in [("a.test", .tlsa), ("www.a.test", .tlsa), ("www.a.test", .a)] {
                for code in [ResponseCode.noError, .nameError] {
                    var scene = example.scene()
                    if isWarm { _ = try scene.status("www.a.test", .a) }
                    let verdict = try scene.verdict(name, type) {
                        $0.with(code, answers: [], authorities: atCut)
                    }
                    #expect(verdict.report.status == .bogus, "\(name) \(type): \(verdict.report.reason)")
                }
            }
        }
    }

    @Test(arguments: [
        (flags: 0x80 as UInt8, algorithm: 1 as UInt8), (flags: 0x02, algorithm: 1), (flags: 0, algorithm: 2),
    ])
    func `DS-09: unknown flags and hash algorithms are ignored`(flags: UInt8, algorithm: UInt8) throws {
        let example = try ExampleTree()
        var scene = example.scene()
        let verdict = try scene.verdict("absent.h.test", .a) { response in
            try Self.resigned(response, example) { record in
                NextSecureHashed(
                    owner: record.owner,
                    parameters: .init(
                        algorithm: algorithm, iterations: record.parameters.iterations, salt: record.parameters.salt),
                    flags: flags, nextHash: record.nextHash, types: record.types)
            }
        }
        #expect(verdict.report.status == .bogus, "\(verdict.report.reason)")
    }

    @Test func `DS-10: many iterations make insecure only under a good signature`() throws {
        let example = try ExampleTree()
        func alter(_ record: NextSecureHashed) -> NextSecureHashed {
            NextSecureHashed(
                owner: record.owner, parameters: .init(iterations: 2000, salt: record.parameters.salt),
                flags: record.flags, nextHash: record.nextHash, types: record.types)
        }
        var scene = example.scene()
        let signed = try scene.verdict("absent.h.test", .a) { try Self.resigned($0, example, alter) }
        #expect(signed.report.status == .insecure)
        #expect(signed.report.reason.contains("2000 iterations"))
        let tampered = try scene.verdict("absent.h.test", .a) { response in
            response.with(
                authorities: response.authorities.map { record in
                    NextSecureHashed(record).map { alter($0).record(timeToLive: 300) } ?? record
                })
        }
        #expect(tampered.report.status == .bogus)
        let mixed = try scene.verdict("absent.h.test", .a) { response in
            var count = 0
            return try Self.resigned(response, example) { record in
                count += 1
                return count == 1 ? alter(record) : record
            }
        }
        #expect(mixed.report.status == .bogus)
    }

    private static func resigned(
        _ response: DNSResponse, _ example: ExampleTree, _ alter: (NextSecureHashed) -> NextSecureHashed
    ) throws -> DNSResponse {
        let key = try #require(example.keys["h.test"])
        var authorities: [DNSRecord] = []
        for hashed in Set(response.authorities.compactMap(NextSecureHashed.init)) {
            let record = alter(hashed).record(timeToLive: 300)
            let signature = try key.sign(
                [record], inception: UInt32(SignedTree.now) - 9, expiration: UInt32(SignedTree.now) + 9)
            authorities += [record, signature.record]
        }
        return response.with(authorities: authorities)
    }

    @Test(arguments: ["a.test", "h.test"])
    func `DS-13: a synthesized alias has to follow exactly from the signed DNAME`(zone: String) throws {
        var scene = try ExampleTree().scene()
        #expect(try scene.status("x.d.\(zone)", .a) == .secure)
        let forged = try scene.verdict("x.d.\(zone)", .a) { response in
            response.with(
                answers: try response.answers.filter { $0.type != .cname } + [
                    TestRecords.alias("x.d.\(zone)", "www.\(zone)")
                ] + response.answers.filter { $0.owner == (try DNSName("www.\(zone)")) })
        }
        #expect(forged.report.status == .bogus, "\(forged.report.reason)")
        let unsigned = try scene.verdict("x.d.\(zone)", .a) { response in
            response.without { $0.type == .rrsig && $0.owner == (try? DNSName("d.\(zone)")) }
        }
        #expect(unsigned.report.status == .bogus, "\(unsigned.report.reason)")
        let wildcard = try scene.verdict("x.wild.\(zone)", .a) { response in
            response.with(answers: try response.answers.map { try SignedZone.moved($0, to: DNSName("www.\(zone)")) })
        }
        #expect(wildcard.report.status == .bogus, "\(wildcard.report.reason)")
    }
}
