import DNSMessages
import NameResolution
import TestSupport
import Testing

/// The property that counts: whatever servers answer, nothing altered is ever secure.
@Suite struct HostileServerTests {
    private static let questions: [(String, RecordType)] = [
        ("www.a.test", .a), ("_xmpp-server._tcp.h.test", .srv), ("x.wild.a.test", .a), ("x.wild.h.test", .a),
        ("absent.a.test", .a), ("absent.h.test", .a), ("www.a.test", .tlsa), ("alias.h.test", .a), ("x.d.a.test", .a),
        ("www.o.test", .a), ("empty.h.test", .a),
    ]

    @Test(arguments: 0..<12)
    func `DS-01: altered answers are never secure`(seed: Int) throws {
        let example = try ExampleTree()
        var generator = SeededGenerator(state: UInt64(seed))
        var pool: [DNSRecord] = []
        for (name, type) in Self.questions {
            let response = try example.tree.respond(DNSQuestion(DNSName(name), type))
            pool += response.answers + response.authorities
        }
        for _ in 0..<40 {
            guard let (name, type) = Self.questions.randomElement(using: &generator) else { continue }
            var scene = example.scene()
            let honest = try example.tree.respond(DNSQuestion(DNSName(name), type))
            let forged = Self.mutated(honest, pool, &generator)
            if Bool.random(using: &generator) {
                let salt = generator.next()
                scene.falsify = { question, response in
                    var own = SeededGenerator(state: salt ^ UInt64(question.name.wire.count))
                    return .success(Self.mutated(response, pool, &own))
                }
            }
            let task = ValidationScene.task(DNSQuestion(try DNSName(name), type), forged)
            let verdict = try scene.verdict(on: task)
            guard verdict.report.status == .secure || verdict.report.status == .insecure else { continue }
            let claim = ValidationScene.task(DNSQuestion(try DNSName(name), type), honest)
            #expect(verdict.report.status == .secure, "\(name) \(type): insecure by \(verdict.report.reason)")
            #expect(Self.said(task) == Self.said(claim), "\(name) \(type): secure by \(verdict.report.reason)")
        }
    }

    /// What a task claims, without times to live and the order of records.
    private static func said(_ task: ValidationTask) -> [String] {
        let sets = task.positive.map { set in
            "\(set.owner) \(set.type) \(Set(set.records.map { "\($0.data)" }).sorted())"
        }
        return sets + ["\(String(describing: task.denial))"]
    }

    private static func mutated(
        _ response: DNSResponse, _ pool: [DNSRecord], _ generator: inout SeededGenerator
    ) -> DNSResponse {
        var (answers, authorities) = (response.answers, response.authorities)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            mutate(&answers, pool, &generator)
            mutate(&authorities, pool, &generator)
        }
        let code: ResponseCode? =
            Int.random(in: 0..<6, using: &generator) == 0
            ? (Bool.random(using: &generator) ? .noError : .nameError) : nil
        return response.with(code, answers: answers, authorities: authorities)
    }

    private static func mutate(
        _ records: inout [DNSRecord], _ pool: [DNSRecord], _ generator: inout SeededGenerator
    ) {
        let index = records.indices.randomElement(using: &generator)
        switch (Int.random(in: 0..<7, using: &generator), index) {
        case (0, let index?):
            records.remove(at: index)
        case (1, let index?):
            records.append(records[index])
        case (2, let index?):
            guard let stray = pool.randomElement(using: &generator) else { return }
            records[index] = stray
        case (3, _):
            if let stray = pool.randomElement(using: &generator) { records.append(stray) }
        case (4, let index?):
            guard let stray = pool.randomElement(using: &generator),
                let moved = try? SignedZone.moved(records[index], to: stray.owner)
            else { return }
            records[index] = moved
        case (5, let index?):
            // One bit of the data; of a type with fields, another type's octets.
            guard case .other(var octets) = records[index].data, !octets.isEmpty else { return }
            let place = Int.random(in: octets.indices, using: &generator)
            octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            records[index] = DNSRecord(
                owner: records[index].owner, type: records[index].type, timeToLive: 300, octets: octets)
        default:
            records.shuffle(using: &generator)
        }
    }
}
