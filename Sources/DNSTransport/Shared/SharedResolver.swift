internal import DNSMessages
public import EventLoops
public import NameResolution
internal import Synchronization

/// The one resolver of a process, on a loop of its own: cache, connections and questions under way are shared by all
/// loops, and checking signatures delays no stream.
///
/// All of it may be used from any thread.
public final class SharedResolver: Sendable {
    let client: LoopReference<DNSClient>

    /// Starts a resolver.
    ///
    /// - Parameters:
    ///   - settings: Whom to ask, and how. The authorities that they name are read here; it blocks.
    ///   - wallClock: Seconds since 1970, for certificates and signatures.
    ///   - reported: Gets what an operator ought to know, with the plan that its numbers belong to; on the resolver's
    ///     loop.
    /// - Throws: ``SystemError`` when no descriptor is left for a loop.
    public init(
        _ settings: ResolverSettings, wallClock: @escaping @Sendable () -> Int64 = WallClock.system,
        reported: (@Sendable (ResolverReport, ResolutionPlan) -> Void)? = nil
    ) throws(SystemError) {
        let loop = try EventLoop(name: "resolver")
        let security = ChannelSecurity(for: settings.endpoints)
        client = loop.run {
            let client = DNSClient(settings, security, on: loop, wallClock: wallClock)
            client.reported = reported
            return LoopReference(client, on: loop)
        }
    }

    deinit {
        // Whoever waits for an answer keeps the resolver, so that nobody waits any more.
        client.run { $0.shutDown() }
        client.loop.stop()
    }

    /// The resolver as those on one loop see it: they ask there, and their completions are called there.
    public func resolver(on loop: EventLoop) -> any NameResolver {
        ForwardingResolver(to: self, on: loop)
    }

    /// Asks others from now on, as ``DNSClient/replace(_:)``. It reads authorities here, and blocks.
    public func replace(_ settings: ResolverSettings) {
        let security = ChannelSecurity(for: settings.endpoints)
        client.post { $0.replace(settings, security) }
    }

    /// Ends all lookups; who waits is told ``LookupFailure/cancelled``, and so is whoever asks later.
    public func shutDown() {
        client.run { $0.shutDown() }
    }

    /// How each server has fared so far, in the order of the plan, which may have been added to by discovery.
    ///
    /// - Parameter completion: Called on the resolver's loop, with the plan as it is now and the present moment on the
    ///   clock of the states.
    public func serverStates(
        _ completion: @escaping @Sendable ([ServerState], ResolutionPlan, _ now: Duration) -> Void
    ) {
        client.post { completion($0.serverStates, $0.plan, $0.elapsed) }
    }

    /// Asks for a batch; `deliver` is called on the resolver's loop with answers as they come, several at once when
    /// they come together.
    func ask(_ batch: [ForwardedQuestion], deliver: @escaping @Sendable ([ForwardedAnswer]) -> Void) {
        client.post { client in
            let answers = AnswerBatch(on: client, deliver: deliver)
            for question in batch {
                client.resolve(question.question) { answer in
                    // Kept until the last answer has left.
                    withExtendedLifetime(self) { answers.add(ForwardedAnswer(ticket: question.ticket, answer: answer)) }
                }
            }
        }
    }
}
