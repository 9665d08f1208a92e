public import DNSMessages

/// Keeps the trust anchor of one zone up to date while its keys change (RFC 5011).
///
/// The configured keys are the beginning. What they sign for thirty days becomes trusted as well, and what revokes
/// itself is trusted no longer.
public struct TrustAnchorRollover: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The resolver begins to work.
        case started
        /// The servers gave the key set of the zone.
        case keysSeen(SignedKeySet)
        /// They gave none, or one without a signature that holds.
        case queryFailed
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Validate with this from now on, in place of what was the anchor of its zone.
        case anchorChanged(TrustAnchor)
        /// Validate as if the zone had never had an anchor.
        case anchorRemoved(DNSName)
        /// Keep this text, in the place of what was kept.
        case save(String)
        /// Ask the zone's servers for its DNSKEY records with signatures, unchecked by them, after this time.
        case askAgain(after: Duration)
        /// Tell the operator.
        case report(RolloverNotice)
    }

    /// Seconds that a new key has to wait, and after which a revoked one is forgotten (RFC 5011 §2.4).
    public static let holdDown: Int64 = 30 * day
    private static let day: Int64 = 86400
    private static let hour: Int64 = 3600
    /// Seconds between two looks at most (RFC 5011 §2.3).
    static let longestInterval = 15 * day

    /// What is known.
    public private(set) var state: RolloverState
    private let savedStateFailure: SavedStateFailure?
    /// Of the last set, for the time between failed queries.
    private var retryInterval = Self.hour

    /// - Parameters:
    ///   - configured: The keys in the operator's file; other ones than before make a new beginning.
    ///   - saved: What the last ``Action/save(_:)`` said, if it was kept.
    ///   - wallClock: Seconds since 1970.
    public init(configured: TrustAnchor, saved: String?, at wallClock: Int64) {
        var failure: SavedStateFailure?
        var known: RolloverState?
        if let saved {
            do throws(SavedStateFailure) {
                known = try RolloverText.read(saved, configured: configured)
            } catch {
                failure = error
            }
        }
        state = known ?? RolloverState(configured: configured, at: wallClock)
        savedStateFailure = failure
    }

    /// The name of a file for what ``Action/save(_:)`` says of a zone: letters, digits, hyphens and underscores of its
    /// name as they are, everything else as `%` and two hexadecimal digits.
    public static func fileName(for zone: DNSName) -> String {
        let labels = zone.labels.map { label in
            label.map { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    String(Unicode.Scalar(octet))
                default:
                    (octet < 16 ? "%0" : "%") + String(octet, radix: 16)
                }
            }.joined()
        }
        return (labels.isEmpty ? "root" : labels.joined(separator: ".") + ".zone") + ".trust-anchor"
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        switch event {
        case .started:
            start(at: time.wallClock)
        case .queryFailed:
            [.report(.queryFailed(state.configured.zone)), .askAgain(after: .seconds(retryInterval))]
        case .keysSeen(let set):
            seen(set, at: time.wallClock)
        }
    }

    private func start(at wallClock: Int64) -> [Action] {
        var actions: [Action] = []
        if let savedStateFailure {
            actions.append(.report(.savedStateUnusable(state.configured.zone, savedStateFailure)))
        }
        actions.append(state.anchor.map { .anchorChanged($0) } ?? .anchorRemoved(state.configured.zone))
        let due = (state.checked ?? wallClock) + state.interval
        // A clock that was set back must not put off the next look.
        let delay = state.checked == nil ? 0 : min(max(due - wallClock, 0), state.interval)
        return actions + [.askAgain(after: .seconds(delay))]
    }

    private mutating func seen(_ set: SignedKeySet, at now: Int64) -> [Action] {
        guard set.zone == state.configured.zone else { return [] }
        let (former, before) = (state.anchor, state)
        var notices: [RolloverNotice] = []
        recognise(set, at: now)
        let revocations = revoke(set, at: now)
        notices += revocations
        let vouchers = set.signers.filter { signer in
            !signer.isRevoked && state.index(of: signer).map { state.keys[$0].isTrusted } == true
        }
        retryInterval = Self.interval(of: set, share: 10, longest: Self.day, at: now)
        if vouchers.isEmpty {
            guard !revocations.isEmpty else {
                state = before
                return [.report(.notValidated(set.zone)), .askAgain(after: .seconds(retryInterval))]
            }
            state.interval = retryInterval
        } else {
            notices += follow(set, vouchers: vouchers, at: now)
            state.interval = Self.interval(of: set, share: 2, longest: Self.longestInterval, at: now)
        }
        state.checked = now
        return conclude(formerly: former, notices)
    }

    private func conclude(formerly former: TrustAnchor?, _ notices: [RolloverNotice]) -> [Action] {
        var actions: [Action] = notices.map { .report($0) }
        let anchor = state.anchor
        if let anchor, anchor != former { actions.append(.anchorChanged(anchor)) }
        if anchor == nil, former != nil {
            let zone = state.configured.zone
            actions += [.report(.trustPointDeleted(zone)), .anchorRemoved(zone)]
        }
        actions.append(.save(RolloverText.write(state)))
        // With nothing left to trust no set will ever be validated.
        if anchor != nil { actions.append(.askAgain(after: .seconds(state.interval))) }
        return actions
    }

    /// Puts keys in the place of the configured digests of them.
    private mutating func recognise(_ set: SignedKeySet, at now: Int64) {
        for key in set.keys.map(\.unrevoked) where key.isUsable && state.index(of: key) == nil {
            guard state.configured.signers.contains(where: { $0.matches(key) }) else { continue }
            state.makeRoom()
            guard state.keys.count < RolloverState.maximumKeys else { return }
            state.keys.append(TrackedKey(key, state: .valid, since: now))
        }
    }

    /// A revocation needs no other signature than that of the key itself (RFC 5011 §2.1), and takes effect at once.
    private mutating func revoke(_ set: SignedKeySet, at now: Int64) -> [RolloverNotice] {
        var notices: [RolloverNotice] = []
        for key in set.keys where key.isRevoked && set.signers.contains(key) {
            guard let index = state.index(of: key), state.keys[index].isTrusted else { continue }
            state.keys[index].state = .revoked
            state.keys[index].since = now
            notices.append(.keyRevoked(state.keys[index].key))
        }
        return notices
    }

    /// The transitions of RFC 5011 §4 that a validated set brings about.
    private mutating func follow(_ set: SignedKeySet, vouchers: [ZoneKey], at now: Int64) -> [RolloverNotice] {
        let present = Set(set.keys.filter { !$0.isRevoked })
        var notices: [RolloverNotice] = []
        var kept: [TrackedKey] = []
        for var tracked in state.keys {
            if let notice = step(&tracked, in: set, isPresent: present.contains(tracked.key), at: now) {
                notices.append(notice)
                if case .keyWithdrawn = notice { continue }
            }
            kept.append(tracked)
        }
        state.keys = kept
        for key in set.keys where key.isSecureEntryPoint && key.isUsable && state.index(of: key) == nil {
            guard SigningAlgorithm.supported.contains(key.algorithm) else { continue }
            state.makeRoom()
            guard state.keys.count < RolloverState.maximumKeys else { break }
            let holdDown = max(Self.holdDown, Int64(set.originalTimeToLive))
            state.keys.append(
                TrackedKey(key, state: .addPending, since: now, holdDown: holdDown, vouchers: vouchers))
            notices.append(.keyPending(key, trustedFrom: now + holdDown))
        }
        return notices
    }

    private func step(
        _ tracked: inout TrackedKey, in set: SignedKeySet, isPresent: Bool, at now: Int64
    ) -> RolloverNotice? {
        switch tracked.state {
        case .addPending:
            guard isPresent, !isForsaken(tracked) else { return .keyWithdrawn(tracked.key) }
            // A clock that was set back makes the wait longer rather than shorter.
            if tracked.since > now { tracked.since = now }
            guard now - tracked.since >= tracked.holdDown else { return nil }
            (tracked.state, tracked.since) = (.valid, now)
            return .keyTrusted(tracked.key)
        case .valid:
            guard !isPresent else { return nil }
            (tracked.state, tracked.since) = (.missing, now)
            return .keyMissing(tracked.key)
        case .missing:
            if isPresent { (tracked.state, tracked.since) = (.valid, now) }
        case .revoked:
            if set.keys.contains(where: { $0.unrevoked == tracked.key }) {
                tracked.since = now
            } else if now - tracked.since >= Self.holdDown {
                (tracked.state, tracked.since) = (.removed, now)
            }
        case .removed:
            break
        }
        return nil
    }

    /// Whether all keys that vouched for a new one are revoked meanwhile (RFC 5011 §2.2).
    private func isForsaken(_ tracked: TrackedKey) -> Bool {
        tracked.vouchers.allSatisfy { voucher in
            state.index(of: voucher).map { state.keys[$0].isTrusted } != true
        }
    }

    /// The intervals of RFC 5011 §2.3, in seconds.
    private static func interval(of set: SignedKeySet, share: Int64, longest: Int64, at now: Int64) -> Int64 {
        let expiresIn = max(set.expiration - now, 0)
        return max(hour, min(longest, Int64(set.originalTimeToLive) / share, expiresIn / share))
    }
}
