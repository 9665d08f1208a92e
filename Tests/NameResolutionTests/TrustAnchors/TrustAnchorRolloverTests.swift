import DNSMessages
import NameResolution
import Testing

/// The state table of RFC 5011 §4, and what must not move a key in it.
@Suite("RFC 5011 trust anchors")
struct TrustAnchorRolloverTests {
    private let begin = KeyStore.begin
    private let day = KeyStore.day
    private let old: SigningKey
    private let new: SigningKey

    init() throws {
        old = try KeyStore.keySigning()
        new = try KeyStore.keySigning()
    }

    private func rollover(_ saved: String? = nil) -> TrustAnchorRollover {
        TrustAnchorRollover(
            configured: TrustAnchor(zone: .root, keys: [old.zoneKey]), saved: saved, at: begin)
    }

    @Test func `the configured keys are the beginning, and the zone is asked at once`() {
        var rollover = rollover()
        #expect(
            rollover.handle(.started, at: KeyStore.time(begin)) == [
                .anchorChanged(TrustAnchor(zone: .root, keys: [old.zoneKey])), .askAgain(after: .zero),
            ])
    }

    @Test func `a new key is trusted when it is seen after thirty days, and not before`() {
        var rollover = rollover()
        let first = rollover.see([old, new], signedBy: [old], at: begin)
        #expect(first.notices == [.keyPending(new.zoneKey, trustedFrom: begin + 30 * day)])
        #expect(first.anchors.isEmpty)
        #expect(rollover.see([old, new], signedBy: [old], at: begin + 30 * day - 1).anchors.isEmpty)
        #expect(rollover.state(of: new) == .addPending)
        let later = rollover.see([old, new], signedBy: [old], at: begin + 30 * day)
        #expect(later.notices == [.keyTrusted(new.zoneKey)])
        #expect(later.anchors == [TrustAnchor(zone: .root, keys: [old.zoneKey, new.zoneKey])])
    }

    @Test func `a long time to live makes the wait longer`() {
        var rollover = rollover()
        let month = UInt32(40 * day)
        _ = rollover.see([old, new], signedBy: [old], at: begin, timeToLive: month)
        #expect(rollover.see([old, new], signedBy: [old], at: begin + 39 * day, timeToLive: month).anchors.isEmpty)
        #expect(!rollover.see([old, new], signedBy: [old], at: begin + 40 * day, timeToLive: month).anchors.isEmpty)
    }

    @Test func `a key that was away once begins its wait anew`() {
        var rollover = rollover()
        _ = rollover.see([old, new], signedBy: [old], at: begin)
        let away = rollover.see([old], signedBy: [old], at: begin + 10 * day)
        #expect(away.notices == [.keyWithdrawn(new.zoneKey)])
        #expect(rollover.state(of: new) == nil)
        _ = rollover.see([old, new], signedBy: [old], at: begin + 20 * day)
        #expect(rollover.see([old, new], signedBy: [old], at: begin + 31 * day).anchors.isEmpty)
        #expect(!rollover.see([old, new], signedBy: [old], at: begin + 50 * day).anchors.isEmpty)
    }

    @Test func `a set that no trusted key signed changes nothing`() throws {
        var rollover = rollover()
        let before = rollover.state
        let actions = rollover.see([old, new], signedBy: [new], at: begin)
        #expect(actions.notices == [.notValidated(.root)])
        #expect(actions.saved == nil)
        #expect(rollover.state == before)
        // A key that is still on its way does not count as trusted either.
        _ = rollover.see([old, new], signedBy: [old], at: begin)
        let third = try KeyStore.keySigning()
        #expect(rollover.see([old, new, third], signedBy: [new], at: begin + day).notices == [.notValidated(.root)])
        #expect(rollover.state(of: third) == nil)
    }

    @Test func `a zone-signing key never becomes an anchor`() throws {
        var rollover = rollover()
        let zoneSigning = try SigningKey(zone: .root, algorithm: .ecdsaP256SHA256)
        _ = rollover.see([old, zoneSigning], signedBy: [old, zoneSigning], at: begin)
        #expect(rollover.state(of: zoneSigning) == nil)
    }

    @Test func `a key that leaves unrevoked stays trusted and may return`() {
        var rollover = rollover()
        _ = rollover.see([old, new], signedBy: [old], at: begin)
        _ = rollover.see([old, new], signedBy: [old], at: begin + 30 * day)
        let gone = rollover.see([new], signedBy: [new], at: begin + 31 * day)
        #expect(gone.notices == [.keyMissing(old.zoneKey)])
        #expect(gone.anchors.isEmpty)
        #expect(rollover.state.anchor?.keys == [old.zoneKey, new.zoneKey])
        _ = rollover.see([old, new], signedBy: [new], at: begin + 32 * day)
        #expect(rollover.state(of: old) == .valid)
    }

    @Test func `a key that revokes itself is trusted no longer, from that moment and for good`() {
        var rollover = rollover()
        _ = rollover.see([old, new], signedBy: [old], at: begin)
        _ = rollover.see([old, new], signedBy: [old], at: begin + 30 * day)
        let revoked = rollover.see([old.revoked, new], signedBy: [old.revoked, new], at: begin + 31 * day)
        #expect(revoked.notices == [.keyRevoked(old.zoneKey)])
        #expect(revoked.anchors == [TrustAnchor(zone: .root, keys: [new.zoneKey])])
        // Back without the flag, and signing: nothing.
        _ = rollover.see([old, new], signedBy: [old, new], at: begin + 32 * day)
        #expect(rollover.state(of: old) == .revoked)
        #expect(rollover.see([old, new], signedBy: [old], at: begin + 33 * day).notices == [.notValidated(.root)])
        _ = rollover.see([new], signedBy: [new], at: begin + 70 * day)
        #expect(rollover.state(of: old) == .removed)
        _ = rollover.see([old, new], signedBy: [new], at: begin + 71 * day)
        #expect(rollover.state(of: old) == .removed)
    }

    @Test func `nobody else can revoke a key`() {
        var rollover = rollover()
        _ = rollover.see([old, new], signedBy: [old], at: begin)
        _ = rollover.see([old, new], signedBy: [old], at: begin + 30 * day)
        let forged = rollover.see([old.revoked, new], signedBy: [new], at: begin + 31 * day)
        #expect(forged.notices == [.keyMissing(old.zoneKey)])
        #expect(rollover.state.anchor?.keys.contains(old.zoneKey) == true)
    }

    @Test func `with all who vouched for a key revoked, its wait begins anew`() throws {
        let stolen = old
        let good = try KeyStore.keySigning()
        var rollover = TrustAnchorRollover(
            configured: TrustAnchor(zone: .root, keys: [stolen.zoneKey, good.zoneKey]), saved: nil, at: begin)
        _ = rollover.see([stolen, good, new], signedBy: [stolen], at: begin)
        let revoked = rollover.see(
            [stolen.revoked, good, new], signedBy: [stolen.revoked, good], at: begin + 20 * day)
        #expect(revoked.notices.contains(.keyWithdrawn(new.zoneKey)))
        #expect(revoked.notices.contains(.keyPending(new.zoneKey, trustedFrom: begin + 50 * day)))
        _ = rollover.see([stolen.revoked, good, new], signedBy: [good], at: begin + 30 * day)
        #expect(rollover.state(of: new) == .addPending)
    }

    @Test func `with every key revoked the zone has no anchor`() {
        var rollover = rollover()
        let actions = rollover.see([old.revoked], signedBy: [old.revoked], at: begin)
        #expect(actions.notices == [.keyRevoked(old.zoneKey), .trustPointDeleted(.root)])
        #expect(actions.contains(.anchorRemoved(.root)))
        #expect(actions.delay == nil)
    }

    @Test func `a configured digest becomes its key, and cannot revive it once that is revoked`() throws {
        let signer = try #require(old.zoneKey.delegationSigner())
        let standby = try #require(new.zoneKey.delegationSigner())
        var rollover = TrustAnchorRollover(
            configured: TrustAnchor(zone: .root, signers: [signer, standby]), saved: nil, at: begin)
        let first = rollover.see([old], signedBy: [old], at: begin)
        #expect(first.anchors == [TrustAnchor(zone: .root, signers: [standby], keys: [old.zoneKey])])
        let second = rollover.see([old.revoked, new], signedBy: [old.revoked, new], at: begin + day)
        #expect(second.anchors == [TrustAnchor(zone: .root, keys: [new.zoneKey])])
    }

    @Test func `a digest whose key is revoked when it is first seen is never trusted`() throws {
        let signer = try #require(old.zoneKey.delegationSigner())
        var rollover = TrustAnchorRollover(
            configured: TrustAnchor(zone: .root, signers: [signer]), saved: nil, at: begin)
        #expect(rollover.see([old.revoked], signedBy: [old.revoked], at: begin).contains(.anchorRemoved(.root)))
    }

    /// Seconds to live, seconds until the signature ends, and seconds until the next look.
    static let intervals: [(UInt32, Int64, Int64)] = [
        (172_800, 1_728_000, 86_400), (60, 1_728_000, 3600), (4_000_000, 7_776_000, 1_296_000),
        (172_800, 20_000, 10_000),
    ]

    @Test(arguments: intervals)
    func `it looks again within the bounds of RFC 5011 section 2.3`(
        timeToLive: UInt32, ahead: Int64, again: Int64
    ) {
        var rollover = rollover()
        let set = SignedKeySet(
            zone: .root, keys: [old.zoneKey], signers: [old.zoneKey], originalTimeToLive: timeToLive,
            expiration: begin + ahead)
        #expect(rollover.handle(.keysSeen(set), at: KeyStore.time(begin)).delay == .seconds(again))
        let retry = max(3600, min(86400, Int64(timeToLive) / 10, ahead / 10))
        #expect(rollover.handle(.queryFailed, at: KeyStore.time(begin)).delay == .seconds(retry))
    }

    @Test func `a flood of new keys is bounded`() throws {
        var rollover = rollover()
        let flood = (0..<100).map { index in
            ZoneKey(
                owner: .root, flags: 257, algorithm: .ed25519,
                publicKey: [UInt8](repeating: UInt8(index), count: 32))
        }
        let set = SignedKeySet(
            zone: .root, keys: [old.zoneKey] + flood, signers: [old.zoneKey], originalTimeToLive: 3600,
            expiration: begin + day)
        _ = rollover.handle(.keysSeen(set), at: KeyStore.time(begin))
        #expect(rollover.state.keys.count == RolloverState.maximumKeys)
    }
}
