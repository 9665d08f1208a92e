import DNSMessages
import DNSTransport
import EventLoops
import NameResolution

/// One of several loops that ask a shared resolver.
final class SharedAsker: Sendable {
    private let loop: EventLoop
    private let confined: Confined

    // Unchecked: the resolver is made on the loop and touched only in blocks that run there.
    private struct Confined: @unchecked Sendable {
        let resolver: any NameResolver
    }

    init(_ shared: SharedResolver) throws {
        let loop = try EventLoop(name: "asking")
        self.loop = loop
        confined = loop.run { Confined(resolver: shared.resolver(on: loop)) }
    }

    deinit { loop.stop() }

    /// The answer, and whether it came on the asking loop.
    func resolve(_ name: String, _ type: RecordType = .a) async throws -> (answer: Answer, isOnLoop: Bool) {
        let question = DNSQuestion(try DNSName(name), type)
        return await withCheckedContinuation { continuation in
            loop.execute {
                self.confined.resolver.resolve(question) { answer in
                    continuation.resume(returning: (answer, self.loop.isCurrent))
                }
            }
        }
    }
}
