import DNSMessages
import NameResolution
import Testing

/// What is kept from one start to the next, and what is read of it.
@Suite("RFC 5011 kept state")
struct RolloverTextTests {
    private let begin = KeyStore.begin
    private let day = KeyStore.day
    private let old: SigningKey
    private let new: SigningKey
    private let configured: TrustAnchor

    init() throws {
        old = try KeyStore.keySigning()
        new = try KeyStore.keySigning()
        let signer = try #require(old.zoneKey.delegationSigner())
        configured = TrustAnchor(zone: .root, signers: [signer])
    }

    private func saved() throws -> (TrustAnchorRollover, String) {
        var rollover = TrustAnchorRollover(configured: configured, saved: nil, at: begin)
        let text = try #require(rollover.see([old, new], signedBy: [old], at: begin).saved)
        return (rollover, text)
    }

    @Test func `what is kept is read again, and the wait of a new key goes on`() throws {
        let (rollover, text) = try saved()
        var later = TrustAnchorRollover(configured: configured, saved: text, at: begin + 29 * day)
        #expect(later.state == rollover.state)
        #expect(later.handle(.started, at: KeyStore.time(begin + 29 * day)).delay == .zero)
        #expect(later.see([old, new], signedBy: [old], at: begin + 30 * day).notices == [.keyTrusted(new.zoneKey)])
    }

    @Test func `after a restart the zone is not asked sooner than it has to be, whatever the clock says`() throws {
        let (_, text) = try saved()
        for (moment, delay) in [(begin + 3600, day - 3600), (begin - 90 * day, day), (begin + 90 * day, 0)] {
            var later = TrustAnchorRollover(configured: configured, saved: text, at: moment)
            #expect(later.handle(.started, at: KeyStore.time(moment)).delay == .seconds(delay))
        }
    }

    @Test func `other configured keys make a new beginning`() throws {
        let (_, text) = try saved()
        let other = TrustAnchor(zone: .root, keys: [new.zoneKey])
        var rollover = TrustAnchorRollover(configured: other, saved: text, at: begin)
        #expect(rollover.state == RolloverState(configured: other, at: begin))
        #expect(
            rollover.handle(.started, at: KeyStore.time(begin)).notices == [
                .savedStateUnusable(.root, .configurationChanged)
            ])
    }

    @Test func `damaged state is dropped with the line that is wrong, wherever it is damaged`() throws {
        let (_, text) = try saved()
        let octets = Array(text.utf8)
        for end in 0..<octets.count {
            let cut = String(decoding: octets[..<end], as: UTF8.self)
            let rollover = TrustAnchorRollover(configured: configured, saved: cut, at: begin)
            #expect(rollover.state == RolloverState(configured: configured, at: begin), "cut after \(end) octets")
        }
        for junk in [
            "", "\n", "\0", "ligase-trust-anchor 2\n", text + "x\n", text.replacing("since ", with: "since -"),
            // Never to look again is no interval.
            text.replacing("again-after ", with: "again-after 999999"),
        ] {
            var rollover = TrustAnchorRollover(configured: configured, saved: junk, at: begin)
            #expect(!rollover.handle(.started, at: KeyStore.time(begin)).notices.isEmpty)
            #expect(rollover.state == RolloverState(configured: configured, at: begin))
        }
    }

    @Test func `a voucher out of range, or none, is damage`() throws {
        let (_, text) = try saved()
        for wrong in ["vouched-by 9 ", "vouched-by - ", "vouched-by 0 ", "vouched-by 1, "] {
            let rollover = TrustAnchorRollover(
                configured: configured, saved: text.replacing("vouched-by 1 ", with: wrong), at: begin)
            #expect(rollover.state.keys.isEmpty)
        }
    }

    @Test(arguments: [
        (".", "root.trust-anchor"), ("corp.example", "corp.example.zone.trust-anchor"),
        ("a\\/b.example", "a%2fb.example.zone.trust-anchor"), ("\\.\\..example", "%2e%2e.example.zone.trust-anchor"),
    ])
    func `a file name stays in its directory`(zone: String, name: String) throws {
        #expect(TrustAnchorRollover.fileName(for: try DNSName(zone)) == name)
    }

    @Test func `the signatures over a set are checked before anything is made of it`() throws {
        let (from, until) = (begin - day, begin + day)
        let good = try KeyStore.records([old, new], signedBy: [old], from: from, until: until)
        let set = try #require(SignedKeySet(of: .root, in: good, at: begin))
        #expect(set.signers == [old.zoneKey])
        #expect(set.keys == [old.zoneKey, new.zoneKey])
        #expect(set.originalTimeToLive == 3600)
        #expect(set.expiration == until)
        // A key slipped in afterwards, an expired signature, one that is not yet valid, and none.
        let third = try KeyStore.keySigning()
        #expect(SignedKeySet(of: .root, in: good + [third.zoneKey.record(timeToLive: 3600)], at: begin) == nil)
        #expect(SignedKeySet(of: .root, in: good, at: until + 301) == nil)
        #expect(SignedKeySet(of: .root, in: good, at: from - 301) == nil)
        #expect(SignedKeySet(of: .root, in: good.filter { $0.type == .dnskey }, at: begin) == nil)
        #expect(SignedKeySet(of: try DNSName("example"), in: good, at: begin) == nil)
    }

    @Test func `a revoked key is known by its own signature`() throws {
        let records = try KeyStore.records(
            [old.revoked, new], signedBy: [old.revoked, new], from: begin - day, until: begin + day)
        let set = try #require(SignedKeySet(of: .root, in: records, at: begin))
        #expect(Set(set.signers) == [old.revoked.zoneKey, new.zoneKey])
        let one = try KeyStore.records([old.revoked, new], signedBy: [new], from: begin - day, until: begin + day)
        #expect(SignedKeySet(of: .root, in: one, at: begin)?.signers == [new.zoneKey])
    }
}
