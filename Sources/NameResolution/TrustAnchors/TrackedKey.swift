public import DNSMessages

/// A key of a trust point, as this resolver sees it (RFC 5011 §4); one in the state *Start* is not tracked.
public struct TrackedKey: Hashable, Sendable {
    /// The states of RFC 5011 §4.2, by the words of the file that keeps them.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// New in a validated set, and not trusted before the hold-down time is over.
        case addPending = "add-pending"
        /// Trusted.
        case valid
        /// Trusted, but not in the last validated set.
        case missing
        /// Revoked by itself: never trusted again.
        case revoked
        /// Revoked, and gone from the zone for a long time.
        case removed
    }

    /// The key, without the flag of revocation whatever its state.
    public let key: ZoneKey
    /// What it is to us.
    public internal(set) var state: State
    /// Seconds since 1970 at which the state began; for a revoked key, at which it was seen last.
    public internal(set) var since: Int64
    /// Seconds that a new key has to wait; zero for one that was configured.
    public let holdDown: Int64
    /// The trusted keys that had signed the set in which a new key was seen first.
    public let vouchers: [ZoneKey]

    /// Whether answers may rest on it.
    public var isTrusted: Bool { state == .valid || state == .missing }

    /// Makes a key.
    public init(_ key: ZoneKey, state: State, since: Int64, holdDown: Int64 = 0, vouchers: [ZoneKey] = []) {
        self.key = key.unrevoked
        self.state = state
        self.since = since
        self.holdDown = holdDown
        self.vouchers = vouchers
    }
}

extension ZoneKey {
    /// The key as it was before it was revoked: the flag changes the tag and the digest (RFC 5011 §2.1).
    var unrevoked: ZoneKey {
        guard isRevoked else { return self }
        return ZoneKey(
            owner: owner, flags: flags & ~Self.revokedFlag, protocolNumber: protocolNumber, algorithm: algorithm,
            publicKey: publicKey)
    }

    /// Tag and algorithm, for operators.
    var label: String { "\(tag) \(algorithm)" }
}
