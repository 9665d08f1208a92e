/// A name server to ask, as far as a decision needs to know it; the transport knows the rest by its index.
public struct UpstreamServer: Hashable, Sendable {
    /// What the server speaks.
    public enum Channel: Hashable, Sendable {
        /// UDP, and TCP for what does not fit, in clear.
        case cleartext
        /// DNS over TLS (RFC 7858).
        case tls
        /// DNS over HTTPS (RFC 8484).
        case https
    }

    /// What it has to prove before it is asked (RFC 8310 §5).
    public enum Profile: Hashable, Sendable {
        /// Encrypted and authenticated, or nothing.
        case strict
        /// Authenticated if possible, encrypted in any case.
        case opportunistic
    }

    /// As the configuration writes it: for operators.
    public var name: String
    /// What it speaks.
    public var channel: Channel
    /// What it has to prove; meaningless in clear.
    public var profile: Profile
    /// Whether it is on this host, so that nobody can come between (DS-14).
    public var isLoopback: Bool
    /// Whether it is known by its key: then a failure is more likely to pass, and it is tried again sooner (RFC 7858 §3.1).
    public var isPinned: Bool

    /// Makes a server.
    public init(
        name: String, channel: Channel, profile: Profile = .strict, isLoopback: Bool, isPinned: Bool = false
    ) {
        self.name = name
        self.channel = channel
        self.profile = profile
        self.isLoopback = isLoopback
        self.isPinned = isPinned
    }

    /// Whether what is asked of it stays between us and somebody who has proved who it is, or on this host: where a query
    /// has once been asked so, it goes nowhere else (RFC 8310 §5.1, DP-02).
    var isConfidential: Bool {
        switch channel {
        case .cleartext: isLoopback
        case .tls, .https: profile == .strict
        }
    }

    /// Whether its profile decides anything.
    var isEncrypted: Bool { channel != .cleartext }
}
