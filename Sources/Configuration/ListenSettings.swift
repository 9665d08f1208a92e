/// `[listen]`: where the daemon accepts connections. An empty list switches a listener off.
public struct ListenSettings: Sendable, Hashable {
    /// `s2s`: other servers, with STARTTLS.
    public var s2s = addresses("[::]:5269")
    /// `s2s_direct_tls`: other servers, with TLS from the first byte (XEP-0368).
    public var s2sDirectTLS = addresses("[::]:5270")
    /// `component`: external components (XEP-0114).
    public var component = addresses("127.0.0.1:5347")
    /// `inside`: the servers behind Ligase (`backend = "server"`), on a trusted network.
    public var inside: [ConfiguredAddress] = []
    /// `http`: metrics, health, status page and POSH documents.
    public var http = addresses("127.0.0.1:5280")
    /// `control`: the path of the control socket.
    public var control = "/run/ligase/control.sock"

    /// The defaults.
    public init() {}

    private static func addresses(_ text: String) -> [ConfiguredAddress] {
        ConfiguredAddress(text).map { [$0] } ?? []
    }

    /// Longest path that a UNIX domain socket can have on Linux, without the final NUL.
    private static let longestSocketPath = 107

    init(reading table: TableReader) {
        s2s = table.listeners("s2s", default: s2s)
        s2sDirectTLS = table.listeners("s2s_direct_tls", default: s2sDirectTLS)
        component = table.listeners("component", default: component)
        inside = table.listeners("inside", default: inside)
        http = table.listeners("http", default: http)
        if !s2sDirectTLS.isEmpty { table.needs(.directTLS, for: "s2s_direct_tls") }
        if !inside.isEmpty { table.needs(.serverBackend, for: "inside") }
        if !http.isEmpty { table.needs(.httpListener, for: "http") }
        if let path = table.path("control") { control = path }
        if control.utf8.count > Self.longestSocketPath {
            table.error(
                "control", "is \(control.utf8.count) bytes long, and a socket's path has at most 107",
                mend: "choose a shorter path")
        }
        if component.contains(where: { !$0.isLoopback }) {
            table.warning(
                "component", "components are authenticated but not encrypted, and not only this host can reach it")
        }
        if http.contains(where: { !$0.isLoopback }) {
            table.warning(
                "http", "metrics and the status page are for everyone who can reach it, and not only this host can")
        }
        refuseSharedAddresses(in: table)
        table.finish()
    }

    private func refuseSharedAddresses(in table: TableReader) {
        let listeners = [
            ("s2s", s2s), ("s2s_direct_tls", s2sDirectTLS), ("component", component), ("inside", inside),
            ("http", http),
        ]
        let bindings = listeners.flatMap { key, addresses in addresses.map { (key: key, address: $0) } }
        for (index, binding) in bindings.enumerated() {
            guard let other = bindings[..<index].first(where: { $0.address.excludes(binding.address) }) else {
                continue
            }
            let (culprit, owner) = table.isSet(binding.key) ? (binding, other) : (other, binding)
            table.error(
                culprit.key, "\(culprit.address) is taken: listen.\(owner.key) has \(owner.address)",
                mend: "give each listener an address or a port of its own")
        }
    }
}

extension ConfiguredAddress {
    /// Whether one process cannot listen on both: `[::]` takes every address of its port, and `0.0.0.0` every IPv4 one.
    fileprivate func excludes(_ other: ConfiguredAddress) -> Bool {
        guard port == other.port, port != 0 else { return false }
        return self.takes(other) || other.takes(self)
    }

    private func takes(_ other: ConfiguredAddress) -> Bool {
        if octets == other.octets { return host.contains("%") ? host == other.host : true }
        return octets.allSatisfy { $0 == 0 } && (isIPv6 || !other.isIPv6)
    }
}
