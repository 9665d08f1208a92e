internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import NameResolution

/// A resolver on a loop of its own, for as long as a command takes.
final class LookupSession: Sendable {
    private let loop: EventLoop
    private let client: ResolverReference

    /// - Parameter wallClock: Seconds since 1970, for the validity of signatures.
    /// - Throws: ``SystemError`` when no loop can be made.
    init(_ settings: ResolverSettings, wallClock: @escaping @Sendable () -> Int64) throws(SystemError) {
        let loop = try EventLoop(name: "lookup")
        self.loop = loop
        client = loop.run { ResolverReference(DNSClient(settings, on: loop, wallClock: wallClock)) }
    }

    /// The answer to one question.
    func answer(to question: DNSQuestion) async -> Answer {
        await withCheckedContinuation { continuation in
            loop.execute { [client] in
                client.resolver.resolve(question) { continuation.resume(returning: $0) }
            }
        }
    }

    /// Lets go of connections and ends the loop; no answer may be waited for any more.
    func end() {
        loop.run { [client] in client.resolver.shutDown() }
        loop.stop()
    }
}

/// Lets the resolver be named outside its loop. Unchecked because it is touched on the session's loop only.
private final class ResolverReference: @unchecked Sendable {
    let resolver: DNSClient

    init(_ resolver: DNSClient) {
        self.resolver = resolver
    }
}
