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
        refuseSharedAddresses(in: table)
        table.finish()
    }

    private func refuseSharedAddresses(in table: TableReader) {
        let listeners = [
            ("s2s", s2s), ("s2s_direct_tls", s2sDirectTLS), ("component", component), ("inside", inside),
            ("http", http),
        ]
        var owners: [ListenerKey: String] = [:]
        for (key, addresses) in listeners {
            for address in addresses where address.port != 0 {
                let listener = ListenerKey(octets: address.octets, port: address.port)
                if let owner = owners[listener] {
                    table.error(
                        table.isSet(key) ? key : owner,
                        "\(address) is taken by listen.\(owner == key ? key : owner) already",
                        mend: "give each listener an address of its own")
                } else {
                    owners[listener] = key
                }
            }
        }
    }

    private struct ListenerKey: Hashable {
        let octets: [UInt8]
        let port: UInt16
    }
}
