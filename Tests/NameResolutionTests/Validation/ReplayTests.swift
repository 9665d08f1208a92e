import DNSMessages
import NameResolution
import TestSupport
import Testing

/// Records that are all genuine and say something else than what is claimed.
@Suite struct ReplayTests {
    private static let names = [
        "a.test", "h.test", "o.test", "www.a.test", "www.h.test", "www.o.test", "x.wild.a.test", "x.wild.h.test",
        "y.x.wild.h.test", "empty.a.test", "empty.h.test", "leaf.empty.h.test", "alias.a.test", "d.h.test",
        "x.d.a.test", "x.d.h.test", "absent.a.test", "absent.h.test", "absent.o.test", "absent.test", "i.test",
        "www.i.test", "u.o.test", "www.u.o.test", "wild.a.test", "*.wild.h.test", "test", "absent",
    ]

    @Test(arguments: 0..<8)
    func `DS-07, DS-08, DS-09: genuine denials prove only what is true`(seed: Int) throws {
        let example = try ExampleTree()
        var generator = SeededGenerator(state: UInt64(1000 + seed))
        let zones = example.tree.zones.values.sorted { $0.name < $1.name }
        var honest: [DNSQuestion: (code: ResponseCode, isEmpty: Bool, status: SecurityStatus)] = [:]
        var scene = example.scene()
        for _ in 0..<40 {
            guard let text = Self.names.randomElement(using: &generator),
                let type = [RecordType.a, .tlsa, .ds, .ns, .cname].randomElement(using: &generator)
            else { continue }
            let question = DNSQuestion(try DNSName(text), type)
            if honest[question] == nil {
                let response = try example.tree.respond(question)
                let status = try scene.verdict(on: ValidationScene.task(question, response)).report.status
                honest[question] = (response.code, response.answers.isEmpty, status)
            }
            let truth = try #require(honest[question])
            var authorities: [DNSRecord] = []
            let enclosing = zones.filter { question.name.isAtOrBelow($0.name) }
            for zone in enclosing where Bool.random(using: &generator) || zone.name == enclosing.last?.name {
                let count = Int.random(in: 1...16, using: &generator)
                for type in [RecordType.nsec, .nsec3] {
                    let owners = Set(zone.all.filter { $0.type == type }.map(\.owner)).sorted()
                    for owner in owners.shuffled(using: &generator).prefix(count) {
                        authorities += zone.set(owner, type)
                    }
                }
            }
            // Whether the name exists is asked on both sides of a cut: below an unsigned one nobody proves it.
            let claimsNoName = type != .ds && Bool.random(using: &generator)
            let task = ValidationTask(
                positive: [], denial: claimsNoName ? .nameDoesNotExist(question.name) : .noRecords(question),
                answers: [], authorities: authorities)
            let verdict = try scene.verdict(on: task)
            let isTrue = truth.isEmpty && (truth.code == .nameError) == claimsNoName
            switch verdict.report.status {
            case .secure: #expect(isTrue, "\(question) \(claimsNoName): \(verdict.report.reason)")
            case .insecure: #expect(truth.status == .insecure, "\(question): \(verdict.report.reason)")
            case .bogus, .indeterminate: continue
            }
        }
    }

    @Test func `DS-02: no unsigned DNAME above a trust anchor moves what lies below it`() throws {
        let example = try ExampleTree()
        let key = try #require(example.keys["a.test"])
        var scene = ValidationScene(example.tree, anchors: [SignedTree.anchor(key)])
        let verdict = try scene.verdict("www.a.test", .a) { response in
            let target = try DNSName("evil.test").wire
            return response.with(answers: [
                DNSRecord(owner: try DNSName("test"), type: .dname, timeToLive: 300, octets: target),
                try TestRecords.alias("www.a.test", "www.a.evil.test"),
                try TestRecords.address("www.a.evil.test", "203.0.113.66"),
            ])
        }
        #expect(verdict.report.status == .bogus, "\(verdict.report.reason)")
    }
}
