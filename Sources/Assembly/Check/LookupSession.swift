internal import DNSMessages
internal import DNSTransport
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import NameResolution
internal import POSHTransport
internal import TransportSecurity
internal import XMPPModel

/// A resolver and a retriever of POSH documents on a loop of their own, for as long as a command takes.
final class LookupSession: Sendable {
    private struct Means {
        let resolver: DNSClient
        let documents: POSHClient
    }

    private let means: LoopReference<Means>

    /// - Parameters:
    ///   - documents: How POSH documents are retrieved.
    ///   - signatureClock: Seconds since 1970 as of which signatures are judged; servers prove who they are now.
    /// - Throws: ``SystemError`` when no loop can be made.
    init(
        _ settings: NameSettings, documents: RetrievalSettings = RetrievalSettings(),
        signatureClock: @escaping @Sendable () -> Int64 = WallClock.system
    ) throws(SystemError) {
        let loop = try EventLoop(name: "lookup")
        means = loop.run {
            let client = DNSClient(settings.resolver, on: loop, signatureClock: signatureClock)
            // What the daemon would not ask in clear is not asked in clear here.
            if settings.findsDesignatedResolvers {
                client.replace(
                    settings.resolver,
                    discovering: DiscoverySettings(
                        findsDesignatedResolvers: true, profile: settings.profile, authorities: settings.authorities))
            }
            return LoopReference(
                Means(resolver: client, documents: POSHClient(documents, resolver: client, on: loop)), on: loop)
        }
    }

    /// The answer to one question.
    func answer(to question: DNSQuestion) async -> Answer {
        await withCheckedContinuation { continuation in
            means.post { $0.resolver.resolve(question) { continuation.resume(returning: $0) } }
        }
    }

    /// Looks at servers, and tells what was seen of each, in their order.
    func probe(
        _ targets: [ProbeRun.Target], _ settings: EndpointProbe.Settings, context: TLSContext, within limit: Duration
    ) async -> [EndpointProbe.Outcome] {
        guard !targets.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            means.loop.execute { [loop = means.loop] in
                ProbeRun(targets, settings, context: context, on: loop) { continuation.resume(returning: $0) }
                    .start(within: limit)
            }
        }
    }

    /// What a domain publishes by POSH.
    func publishedKeys(of domain: DomainName, for service: ClaimedService) async -> PublishedKeys {
        await withCheckedContinuation { continuation in
            means.post { $0.documents.publishedKeys(of: domain, for: service) { continuation.resume(returning: $0) } }
        }
    }

    /// Lets go of connections and ends the loop; no answer may be waited for any more.
    func end() {
        means.run {
            $0.documents.shutDown()
            $0.resolver.shutDown()
        }
        means.loop.stop()
    }
}
