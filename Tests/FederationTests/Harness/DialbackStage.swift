import Demonstration
import Federation
import TestSupport
import TransportSecurity
import XMPPModel

/// A daemon with the components `a.example` and `rooms.example`; a test plays the servers of `b.example` and `c.example`, which
/// are one.
final class DialbackStage: RemoteStage {
    /// - Parameters:
    ///   - records: Lines of the zone besides those of `b` and `c`; `PORT` and `PLACE` stand for the test's own server.
    ///   - federation: Lines of `[federation]`.
    ///   - settings: Further tables.
    ///   - isSigned: Whether DNSSEC vouches for the zone.
    init(
        _ records: String = "", level: String = "encrypted", federation: String = "", settings: String = "",
        limits: String? = nil, tls: String = "", isSigned: Bool = false, loops: Int = 1,
        knownKeys: KnownKeys = KnownKeys(),
        clock: @escaping @Sendable () -> Int64 = { Network.now },
        observe: (@Sendable (FederationFact) -> Void)? = nil
    ) throws {
        let listener = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
        let zone = Self.filled(
            """
            _xmpp-server._tcp.b SRV 0 0 PORT host
            _xmpp-server._tcp.c SRV 0 0 PORT host
            host A PLACE
            \(records)

            """, listener.endpoint)
        let network = try isSigned ? Network(signed: zone) : Network(zone: zone)
        let policy = "[federation]\nlevel = \"\(level)\"\nprooftypes = [\"dane\", \"pkix\"]\n\(federation)\n"
        let node = try Node(
            "a", [.component("a.example"), .component("rooms.example")], in: network, loops: loops,
            settings: policy + settings, limits: limits, tls: tls, knownKeys: knownKeys,
            clock: clock, observe: observe)
        try super.init(node, in: network, listener)
    }

    // MARK: - In

    /// A server that dials us, brought to the features under TLS; and the `id` of its stream.
    func calling(
        from sender: String = "b.example", to target: String = "a.example", presenting issued: IssuedCertificate? = nil
    ) throws -> (peer: Peer, id: String) {
        let peer = try secured(from: sender, to: target, presenting: issued)
        return (peer, try peer.openForDialback(from: sender, to: target))
    }

    /// The server of a remote domain, dialled to be asked about a key.
    func authority(_ domain: String = "b.example", with issued: IssuedCertificate? = nil) throws -> Peer {
        let peer = try Peer(accepted: listener.accept())
        try peer.serveDialback(domain, with: issued)
        return peer
    }

    /// The server that is dialled next, for whichever of the two domains it is.
    func anyAuthority(with issued: IssuedCertificate? = nil) throws -> (peer: Peer, domain: String) {
        let peer = try Peer(accepted: listener.accept())
        let header = try peer.read(until: "<stream:stream") + peer.read(until: ">")
        let domain = header.contains("to='b.example'") ? "b.example" : "c.example"
        try peer.send(Peer.header(from: domain, to: nil, id: "clear") + Peer.offer)
        try peer.read(until: Peer.startTLS)
        try peer.send(Peer.proceed)
        try peer.secureAsServer(with: (issued ?? Network.issue(domain)).identity())
        try peer.serveDialbackHeader(domain)
        return (peer, domain)
    }

    /// A server that was proved by dialback; its stream, and the server that was asked.
    func proved(
        from sender: String = "b.example", to target: String = "a.example", by issued: IssuedCertificate? = nil
    ) throws -> (peer: Peer, authority: Peer) {
        let (peer, _) = try calling(from: sender, to: target)
        try peer.send(Peer.result("key", from: sender, to: target))
        let authority = try authority(sender, with: issued)
        try authority.answerQuestion("valid")
        let answer = try peer.readDialback("result")
        guard answer.type == "valid" else { throw HarnessFailure.malformed("\(answer)") }
        return (peer, authority)
    }

    /// Whether a stanza of the pair comes through on a stream.
    func passes(_ peer: Peer, from sender: String = "b.example", _ body: String) throws -> Bool {
        try peer.send(Peer.message("u@\(sender)", "x@a.example", body))
        return try component.receive().text(of: "body") == body
    }

    // MARK: - Out

    /// Brings up the server of `b.example` that we were made to dial, and accepts our key.
    func accepted() throws -> Peer {
        let peer = try Peer(accepted: listener.accept())
        try peer.serveDialback("b.example")
        try peer.answerKey("valid")
        return peer
    }
}
