internal import Configuration
internal import DNSTransport
internal import EventLoops
internal import NameResolution

/// The name servers that a configuration amounts to, on this host.
enum NameServerSelection {
    /// Whom to ask.
    static func servers(_ settings: DNSSettings) -> NameServers {
        guard settings.allowsCleartext else { return NameServers(addresses: []) }
        guard !settings.servers.isEmpty else {
            let text = (try? WholeFile.read("/etc/resolv.conf")) ?? []
            return NameServers(resolverConfiguration: String(decoding: text, as: UTF8.self))
        }
        var servers = NameServers(
            addresses: settings.servers.compactMap { server in
                guard case .plain(let address) = server else { return nil }
                return SocketAddress(octets: address.octets, port: address.port)
            })
        servers.limits.overall = max(servers.limits.overall, settings.timeout)
        return servers
    }

    /// What an operator should know of the choice.
    static func warnings(_ settings: DNSSettings) -> [String] {
        guard settings.servers.isEmpty, settings.allowsCleartext else { return [] }
        let remote = servers(settings).addresses.filter { !$0.isLoopback }
        guard !remote.isEmpty else { return [] }
        let names = remote.map(\.host).joined(separator: ", ")
        return ["DNS questions go in clear to \(names), which resolv.conf names; name servers of your own in [dns]"]
    }
}
