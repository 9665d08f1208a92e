import Administration
import Demonstration
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A daemon with the component `a.example`, and `b.example`, which a test plays.
class RemoteStage {
    let network: Network
    let node: Node
    let component: ComponentClient
    let listener: ByteListener
    /// Servers that took a connection, and keep it.
    private(set) var peers: [Peer] = []

    init(_ node: Node, in network: Network, _ listener: ByteListener) throws {
        (self.network, self.node, self.listener) = (network, node, listener)
        component = try node.connect("a.example")
    }

    // MARK: - Out

    func send(_ body: String = "hello") throws {
        try component.send(Peer.message("x@a.example", "u@b.example", body))
    }

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

    /// What the sender of a stanza is told.
    func bounce() throws -> String { try component.receive().description }

    /// Whether nobody has dialled the server of `b.example` whom a test has not answered.
    var isUntouched: Bool { (try? listener.accept(within: .zero)) == nil }

    // MARK: - In

    /// A server that dials us, brought to its header under TLS, which it has not sent.
    func secured(
        from sender: String = "b.example", to target: String = "a.example", presenting issued: IssuedCertificate?
    ) throws -> Peer {
        let peer = try Peer(dialling: node.s2s)
        try peer.open(from: sender, to: target)
        try peer.send(Peer.startTLS)
        try peer.read(until: Peer.proceed)
        try peer.secure(presenting: issued?.identity())
        return peer
    }

    // MARK: - The daemon

    var associations: [AssociationSummary] {
        let service = node.service
        return wait { await service.associations(with: nil) } ?? []
    }

    func association(_ direction: StreamDirection) throws -> AssociationSummary {
        try #require(associations.first { $0.direction == direction })
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

    // MARK: - The zone

    /// Records with `PORT` and `PLACE` made those of a server.
    static func filled(_ text: String, _ endpoint: Endpoint) -> String {
        text.split(separator: "PORT", omittingEmptySubsequences: false).joined(separator: "\(endpoint.port)")
            .split(separator: "PLACE", omittingEmptySubsequences: false).joined(separator: "\(endpoint.address)")
    }
}
