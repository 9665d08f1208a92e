internal import EventLoops
internal import NameResolution

/// What asking servers past the resolver needs.
final class DiscoveryTools {
    let resources: ChannelResources
    /// The moment by the clocks of the resolver.
    let now: () -> ResolutionTime
    private let security: ChannelSecurity
    private let bootstrap: Bootstrap

    var loop: EventLoop { resources.loop }

    /// - Parameters:
    ///   - security: The authorities of all configured servers, and those of designated ones.
    ///   - configured: Says among others who is asked for the addresses of servers that are known by name only.
    init(
        _ resources: ChannelResources, _ security: ChannelSecurity, _ configured: ResolverSettings,
        now: @escaping () -> ResolutionTime
    ) {
        self.resources = resources
        self.security = security
        self.bootstrap = Bootstrap(configured, resources)
        self.now = now
    }

    /// Ways to a server, apart from those of the client; to be shut down.
    func channels(to endpoint: NameServerEndpoint) -> EndpointChannels {
        EndpointChannels(endpoint, security, bootstrap, resources)
    }

    func shutDown() { bootstrap.shutDown() }
}
