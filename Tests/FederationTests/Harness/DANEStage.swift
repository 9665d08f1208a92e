import Administration
import Demonstration
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A daemon with one component, and `b.example`, which a test plays and whose zone is signed and holds TLSA records.
final class DANEStage {
    let network: Network
    let node: Node
    let component: ComponentClient
    let listener: ByteListener
    /// Servers that took a connection, and keep it.
    private(set) var peers: [Peer] = []

    /// A stage in a network of its own kind.
    init(
        federation: String = "", at port: UInt16? = nil, loops: Int = 1, knownKeys: KnownKeys = KnownKeys(),
        clock: @escaping @Sendable () -> Int64 = { Network.now }, network: (Endpoint) throws -> Network
    ) throws {
        let place = LoopbackAddress.unused()
        listener = try ByteListener(at: port.map { Endpoint(place, port: $0) } ?? Endpoint.unused(on: place))
        self.network = try network(listener.endpoint)
        node = try Node(
            "a", [.component("a.example")], in: self.network, loops: loops,
            settings: "[federation]\n\(federation)", knownKeys: knownKeys, clock: clock)
        component = try node.connect("a.example")
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

    static func filled(_ text: String, _ endpoint: Endpoint) -> String {
        text.split(separator: "PORT", omittingEmptySubsequences: false).joined(separator: "\(endpoint.port)")
            .split(separator: "PLACE", omittingEmptySubsequences: false).joined(separator: "\(endpoint.address)")
    }

    func send() throws { try component.send(Peer.message("x@a.example", "u@b.example", "hello")) }

    /// Sends, and has the server there present a certificate; whether the stanza arrives.
    func delivers(to issued: IssuedCertificate) throws -> Bool {
        try send()
        let peer = try Peer(accepted: listener.accept())
        peers.append(peer)
        do {
            try peer.serve("b.example", with: issued)
            return try peer.read(until: "</message>").contains("hello")
        } catch {
            return false
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

    /// What the sender of a stanza is told.
    func bounce() throws -> String { try component.receive().description }

    var isUntouched: Bool { (try? listener.accept(within: .zero)) == nil }

    /// What a server that dials us as `b.example` is offered under TLS.
    func offer(to issued: IssuedCertificate) throws -> String {
        let peer = try Peer(dialling: node.s2s)
        try peer.open(from: "b.example", to: "a.example")
        try peer.send(Peer.startTLS)
        try peer.read(until: Peer.proceed)
        try peer.secure(presenting: issued.identity())
        return try peer.open(from: "b.example", to: "a.example")
    }

    func association(_ direction: StreamDirection) throws -> AssociationSummary {
        let service = node.service
        let associations = wait { await service.associations(with: nil) } ?? []
        return try #require(associations.first { $0.direction == direction })
    }

    /// Ends the streams with `b.example`, so that the next stanza needs another.
    func closeStreams() throws {
        let (service, remote) = (node.service, try DomainName("b.example"))
        _ = wait { await service.close(.domain(remote)) }
        peers = []
        guard eventually(within: .seconds(10), { node.counts?.streams == 0 }) else {
            throw HarnessFailure.malformed("streams that do not end")
        }
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
}
