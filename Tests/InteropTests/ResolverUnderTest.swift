import DNSMessages
import DNSTransport
import EventLoops
import NameResolution
import Synchronization
import TestSupport

/// Our resolver, on a loop of its own, asked from outside.
final class ResolverUnderTest: Sendable {
    private let loop: EventLoop
    private let shared: SharedResolver

    /// - Parameters:
    ///   - endpoints: All servers, asked for all names unless `zones` says otherwise.
    ///   - zones: Which servers are for which names; empty for one zone of all names.
    ///   - anchor: Trust anchors, as in a file of them; none of them leaves everything insecure.
    init(
        _ endpoints: [NameServerEndpoint], zones: [ResolutionZone] = [], anchor: String,
        validation: ResolutionZone.Validation = .local, limits: LookupLimits = LookupLimits()
    ) throws {
        var anchors = TrustAnchorSet()
        for record in anchor.isEmpty ? [] : try TrustAnchorText.read(anchor) {
            if let signer = DelegationSigner(record) {
                anchors.insert(TrustAnchor(zone: record.owner, signers: [signer]))
            }
        }
        let everything = ResolutionZone(name: .root, servers: Array(endpoints.indices), validation: validation)
        var resolverLimits = ResolverLimits()
        resolverLimits.lookup = limits
        let settings = ResolverSettings(
            endpoints: endpoints, zones: zones.isEmpty ? [everything] : zones, anchors: anchors,
            limits: resolverLimits)
        loop = try EventLoop(name: "asker")
        shared = try SharedResolver(settings)
    }

    deinit {
        shared.shutDown()
        loop.stop()
    }

    /// The answer to one question.
    func resolve(_ name: String, _ type: RecordType) throws -> Answer {
        let question = DNSQuestion(try DNSName(name), type)
        guard let answer = try resolve([question])[question] else {
            throw HarnessFailure.timedOut(awaiting: "answer to \(question)", log: "")
        }
        return answer
    }

    /// The answers to questions that are asked all at once.
    func resolve(_ questions: [DNSQuestion]) throws -> [DNSQuestion: Answer] {
        let answers = Answers()
        let (shared, loop) = (shared, loop)
        loop.execute {
            let resolver = shared.resolver(on: loop)
            for question in questions {
                resolver.resolve(question) { answer in
                    // Kept until the answer is there.
                    withExtendedLifetime(resolver) { answers.add(answer) }
                }
            }
        }
        guard eventually(within: .seconds(15), { answers.all.count == Set(questions).count }) else {
            throw HarnessFailure.timedOut(awaiting: "answers to \(questions)", log: "")
        }
        return answers.all
    }

    private final class Answers: Sendable {
        private let list = Mutex<[DNSQuestion: Answer]>([:])

        var all: [DNSQuestion: Answer] { list.withLock { $0 } }

        func add(_ answer: Answer) {
            list.withLock { $0[answer.question] = answer }
        }
    }
}
