internal import DNSMessages
internal import EventLoops
internal import TransportSecurity

/// The cookies that we exchange with one server, so that who does not see the messages cannot forge a response
/// (RFC 7873, RFC 9018).
final class CookieJar {
    /// What a response's cookie says of it.
    enum Verdict {
        /// It is from the server, as far as cookies can tell.
        case fitting
        /// It is not to be used.
        case missing
        case wrong
    }

    private let server: SocketAddress
    private var secret: [UInt8]?
    private var secretSince: LoopTime?
    /// The client's half for one of our addresses, by the present secret.
    private var own: (local: [UInt8], half: [UInt8])?
    /// The server's half, and the client's half that it belongs to.
    private var learnt: DNSCookie?
    /// Whether the server has shown that it speaks cookies.
    private var isExpected = false

    private static let secretOctets = 32
    /// A server's cookie lasts an hour at least (RFC 9018 §4.3), and we are not to be followed by ours for ever.
    private static let secretLifetime = Duration.seconds(86_400)

    init(of server: SocketAddress) {
        self.server = server
    }

    /// The cookie of a query that leaves from one of our addresses; nil when no random number is to be had.
    ///
    /// The client's half depends on both addresses and on a secret, so that nobody can follow us from one address or
    /// server to another by it (RFC 9018 §3).
    func cookie(from local: SocketAddress?, at now: LoopTime) -> DNSCookie? {
        if secret == nil || secretSince.map({ now - $0 > Self.secretLifetime }) ?? true {
            secret = SecureRandom.bytes(Self.secretOctets)
            secretSince = now
            own = nil
        }
        guard let secret else { return nil }
        let client = clientHalf(of: local?.octets ?? [], secret)
        if let learnt, learnt.client == client { return learnt }
        return DNSCookie(client: client)
    }

    private func clientHalf(of local: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        if let own, own.local == local { return own.half }
        let half = Array(Digest.hmacSHA256(key: secret, local + server.octets).prefix(DNSCookie.clientOctets))
        own = (local, half)
        return half
    }

    /// Compares a response's cookie with the one that was sent, and learns the server's half.
    func judge(_ received: DNSCookie?, sent: DNSCookie) -> Verdict {
        guard let received else { return isExpected ? .missing : .fitting }
        guard Digest.areEqualInConstantTime(received.client, sent.client) else { return .wrong }
        if !received.server.isEmpty {
            learnt = received
            isExpected = true
        }
        return .fitting
    }

    /// Expects no cookies any more, until the server sends one again: it was waited for in vain, so that the server may
    /// have been replaced by one that does not speak them.
    func giveUpExpecting() {
        isExpected = false
        learnt = nil
    }
}
