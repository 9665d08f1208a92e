internal import DNSMessages

/// What is known of the keys of one trust point (RFC 5011 §4), as it is kept from one start to the next.
public struct RolloverState: Hashable, Sendable {
    /// What the operator configured.
    public let configured: TrustAnchor
    /// The keys, at most ``maximumKeys``.
    public internal(set) var keys: [TrackedKey]
    /// When a validated set was seen last: seconds since 1970; nil before the first.
    public internal(set) var checked: Int64?
    /// Seconds from then on after which to look again.
    public internal(set) var interval: Int64

    /// Keys that are tracked at most; the specification asks for five (RFC 5011 §2.4.3).
    public static let maximumKeys = 32

    /// The state before anything was seen: the configured keys are trusted.
    public init(configured: TrustAnchor, at wallClock: Int64) {
        self.configured = configured
        keys = configured.keys.filter(\.isUsable).prefix(Self.maximumKeys).map {
            TrackedKey($0, state: .valid, since: wallClock)
        }
        checked = nil
        interval = 0
    }

    init(configured: TrustAnchor, keys: [TrackedKey], checked: Int64?, interval: Int64) {
        self.configured = configured
        self.keys = keys
        self.checked = checked
        self.interval = interval
    }

    /// What validation is to begin with: nil when every key is revoked (RFC 5011 §5).
    public var anchor: TrustAnchor? {
        let trusted = keys.filter(\.isTrusted).map(\.key)
        // A digest whose key was seen has become that key: should that be revoked, the digest must not revive it.
        let unseen = configured.signers.filter { signer in !keys.contains { signer.matches($0.key) } }
        guard !trusted.isEmpty || !unseen.isEmpty else { return nil }
        return TrustAnchor(zone: configured.zone, signers: unseen, keys: trusted)
    }

    func index(of key: ZoneKey) -> Int? {
        let key = key.unrevoked
        return keys.firstIndex { $0.key == key }
    }

    /// Makes room among the keys that are long gone; a configured one has to be remembered for good.
    mutating func makeRoom() {
        while keys.count >= Self.maximumKeys {
            let old = keys.firstIndex { tracked in
                tracked.state == .removed && !configured.signers.contains { $0.matches(tracked.key) }
            }
            guard let old else { return }
            keys.remove(at: old)
        }
    }
}
