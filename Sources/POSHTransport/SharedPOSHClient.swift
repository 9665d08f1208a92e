public import DNSTransport
public import DomainAssociation
public import EventLoops
internal import Prooftypes

/// The one ``POSHClient`` of a process, on a loop of its own: one retrieval for each domain and one memory for all loops,
/// and reading the authorities of web servers delays no stream (PO-22).
///
/// All of it may be used from any thread.
public final class SharedPOSHClient: Sendable {
    private let client: LoopReference<POSHClient>

    /// Starts a client.
    ///
    /// - Parameters:
    ///   - settings: What holds for retrievals.
    ///   - resolver: Makes what looks up the names of web servers, on the client's loop.
    ///   - wallClock: Seconds since 1970: how long documents count.
    ///   - reported: Gets what came of each retrieval, on the client's loop.
    /// - Throws: ``SystemError`` when no descriptor is left for a loop.
    public init(
        _ settings: RetrievalSettings, resolver: @escaping @Sendable (EventLoop) -> any NameResolver,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.system,
        reported: (@Sendable (POSHReport) -> Void)? = nil
    ) throws(SystemError) {
        let loop = try EventLoop(name: "posh")
        client = loop.run {
            let client = POSHClient(settings, resolver: resolver(loop), on: loop, wallClock: wallClock)
            client.reported = reported
            return LoopReference(client, on: loop)
        }
    }

    deinit {
        // Whoever waits keeps the client, so that nobody waits any more.
        client.run { $0.shutDown() }
        client.loop.stop()
    }

    /// The client as those on one loop see it: they ask there, and their completions are called there.
    public func source(on loop: EventLoop) -> any PublishedKeysSource {
        ForwardingKeysSource(to: self, on: loop)
    }

    /// Goes by other settings from now on, as ``POSHClient/replace(_:)``.
    public func replace(_ settings: RetrievalSettings) {
        client.post { $0.replace(settings) }
    }

    /// Ends all retrievals; who waits is told that there is nothing, and so is whoever asks later.
    public func shutDown() {
        client.run { $0.shutDown() }
    }

    /// Asks; `completion` is called on the client's loop.
    func ask(_ question: POSHQuestion, completion: @escaping @Sendable (PublishedKeys) -> Void) {
        client.post { client in
            client.publishedKeys(of: question.domain, for: question.service) { keys in
                // Kept until the answer has left.
                withExtendedLifetime(self) { completion(keys) }
            }
        }
    }
}
