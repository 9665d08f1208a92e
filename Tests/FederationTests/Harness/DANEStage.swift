import Demonstration
import Federation
import TestSupport
import TransportSecurity
import XMPPModel

/// A daemon with one component, and `b.example`, which a test plays and whose zone is signed and holds TLSA records.
final class DANEStage: RemoteStage {
    /// A stage in a network of its own kind.
    init(
        federation: String = "", at port: UInt16? = nil, loops: Int = 1, knownKeys: KnownKeys = KnownKeys(),
        clock: @escaping @Sendable () -> Int64 = { Network.now }, network: (Endpoint) throws -> Network
    ) throws {
        let place = LoopbackAddress.unused()
        let listener = try ByteListener(at: port.map { Endpoint(place, port: $0) } ?? Endpoint.unused(on: place))
        let network = try network(listener.endpoint)
        let node = try Node(
            "a", [.component("a.example")], in: network, loops: loops,
            settings: "[federation]\n\(federation)", knownKeys: knownKeys, clock: clock)
        try super.init(node, in: network, listener)
    }

    /// - Parameters:
    ///   - records: Lines of the zone besides the service record and the address; `PORT` stands for the port.
    ///   - federation: Lines of `[federation]`.
    ///   - knownKeys: The keys that remote domains were proved with before.
    convenience init(
        _ records: String, federation: String = "", service: String = "_xmpp-server._tcp.b SRV 0 0 PORT host",
        at port: UInt16? = nil, unsigned: String? = nil, loops: Int = 1, knownKeys: KnownKeys = KnownKeys(),
        clock: @escaping @Sendable () -> Int64 = { Network.now }
    ) throws {
        try self.init(federation: federation, at: port, loops: loops, knownKeys: knownKeys, clock: clock) { endpoint in
            try Network(
                signed: Self.filled("\(service)\nhost A PLACE\n\(records)\n", endpoint),
                unsigned: unsigned.map { Self.filled($0, endpoint) })
        }
    }

    /// Plays a server that knows no TLS; what comes to it in clear.
    func refuseTLS() throws -> String {
        let peer = try Peer(accepted: listener.accept())
        try peer.serveHeader("b.example", "<stream:features/>")
        try peer.read(until: Peer.startTLS)
        try peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
        return try peer.readToEnd()
    }

    /// What a server that dials us as `b.example` is offered under TLS.
    func offer(to issued: IssuedCertificate) throws -> String {
        try secured(presenting: issued).open(from: "b.example", to: "a.example")
    }

    /// Replaces the zone that it was made with.
    func setRecords(_ records: String) throws {
        let endpoint = listener.endpoint
        try network.setZone(
            Self.filled(
                "_xmpp-server._tcp.b SRV 0 0 PORT host\nhost A \(endpoint.address)\n\(records)\n", endpoint))
    }

    /// TLSA records of the host at the port of its listener.
    static func records(_ tlsa: String...) -> String {
        tlsa.map { "_PORT._tcp.host \($0)" }.joined(separator: "\n")
    }

    /// Lines for `c.example`, which the same server has by another name that publishes this key for long.
    static func recordsOfOther(_ issued: IssuedCertificate) -> String {
        "_xmpp-server._tcp.c SRV 0 0 PORT elsewhere\nelsewhere A PLACE\n"
            + "_PORT._tcp.elsewhere 600 \(Network.tlsa(3, 1, of: issued.certificate))\n"
    }
}
