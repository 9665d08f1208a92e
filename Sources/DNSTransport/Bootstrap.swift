internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Finds the address of an encrypted name server that is known by name only (RFC 8310 §7.2, RFC 8484 §10).
///
/// It asks the host's ordinary name servers in clear, for that name and nothing else, and believes whatever they say:
/// the connection is then authenticated in full, so that a lie ends in a failure (DP-05). It never asks the server
/// that it is looking for (DH-08).
final class Bootstrap {
    private var servers: NameServers
    /// The zones with servers of their own: no alias leads these questions there (EN-04).
    private var splitZones: [DNSName]
    private let resources: ChannelResources
    private var client: DNSClient?
    private var isShutDown = false

    init(_ settings: ResolverSettings, _ resources: ChannelResources) {
        servers = settings.bootstrapServers
        splitZones = settings.splitZones
        self.resources = resources
    }

    /// Asks as these settings have it from now on; if that is a change, lookups under way are told that they are
    /// cancelled.
    func adopt(_ settings: ResolverSettings) {
        guard servers != settings.bootstrapServers || splitZones != settings.splitZones else { return }
        servers = settings.bootstrapServers
        splitZones = settings.splitZones
        replaceClient()
    }

    /// The addresses of a host, IPv6 first; or why there are none.
    ///
    /// - Parameter completion: Called once, never before this returns.
    func addresses(
        of host: DNSName, port: UInt16, completion: @escaping (Result<[SocketAddress], LookupFailure>) -> Void
    ) {
        guard !isShutDown else { return resources.loop.afterTurn { completion(.failure(.cancelled)) } }
        let client = client ?? DNSClient(clientSettings, on: resources.loop)
        self.client = client
        var found: [IPAddress.Family: [SocketAddress]] = [:]
        var failure: LookupFailure?
        client.addresses(of: .name(host)) { resolution in
            found[resolution.family] = resolution.addresses.compactMap {
                SocketAddress(octets: $0.octets, port: port)
            }
            failure = resolution.failure ?? failure
            guard let v6 = found[.v6], let v4 = found[.v4] else { return }
            let all = v6 + v4
            if all.isEmpty, let failure { completion(.failure(failure)) } else { completion(.success(all)) }
        }
    }

    /// Ends lookups under way; they are told that they are cancelled.
    func shutDown() {
        isShutDown = true
        replaceClient()
    }

    private var clientSettings: ResolverSettings {
        var settings = ResolverSettings(cleartext: servers)
        settings.plan.zones += splitZones.map { ResolutionZone(name: $0, servers: [], validation: .off) }
        return settings
    }

    private func replaceClient() {
        client?.shutDown()
        client = nil
    }
}

extension ResolverSettings {
    /// The names of all zones but the root's.
    fileprivate var splitZones: [DNSName] { plan.zones.map(\.name).filter { !$0.isRoot }.sorted() }
}
