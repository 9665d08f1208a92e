import DNSMessages
import NameResolution

/// Keys of a zone and sets that they sign, for tests of trust anchors.
struct KeyStore {
    static let day: Int64 = 86400
    static let begin: Int64 = 1_800_000_000

    let zone = DNSName.root

    static func keySigning() throws -> SigningKey {
        try SigningKey(
            zone: .root, algorithm: .ecdsaP256SHA256, flags: ZoneKey.zoneFlag | ZoneKey.secureEntryPointFlag)
    }

    /// A set as the decider sees it: `days` after the beginning.
    static func set(
        _ keys: [SigningKey], signedBy signers: [SigningKey], timeToLive: UInt32 = 172_800, at moment: Int64
    ) -> SignedKeySet {
        SignedKeySet(
            zone: .root, keys: keys.map(\.zoneKey), signers: signers.map(\.zoneKey), originalTimeToLive: timeToLive,
            expiration: moment + 20 * day)
    }

    static func time(_ seconds: Int64) -> ResolutionTime { ResolutionTime(elapsed: .zero, wallClock: seconds) }

    /// The answer section that carries a set.
    static func records(
        _ keys: [SigningKey], signedBy signers: [SigningKey], from inception: Int64, until expiration: Int64
    ) throws -> [DNSRecord] {
        let records = keys.map { $0.zoneKey.record(timeToLive: 3600) }
        return try records
            + signers.map { signer in
                try signer.sign(
                    records, inception: UInt32(truncatingIfNeeded: inception),
                    expiration: UInt32(truncatingIfNeeded: expiration)
                ).record
            }
    }
}

extension TrustAnchorRollover {
    /// Sees a set, so many seconds since 1970.
    mutating func see(
        _ keys: [SigningKey], signedBy signers: [SigningKey], at moment: Int64, timeToLive: UInt32 = 172_800
    ) -> [Action] {
        handle(
            .keysSeen(KeyStore.set(keys, signedBy: signers, timeToLive: timeToLive, at: moment)),
            at: KeyStore.time(moment))
    }

    func state(of key: SigningKey) -> TrackedKey.State? { state.keys.first { $0.key == key.zoneKey }?.state }
}

extension [TrustAnchorRollover.Action] {
    var notices: [RolloverNotice] {
        compactMap { action in
            if case .report(let notice) = action { notice } else { nil }
        }
    }

    var saved: String? {
        compactMap { action in
            if case .save(let text) = action { text } else { nil }
        }.last
    }

    var anchors: [TrustAnchor] {
        compactMap { action in
            if case .anchorChanged(let anchor) = action { anchor } else { nil }
        }
    }

    var delay: Duration? {
        compactMap { action in
            if case .askAgain(let delay) = action { delay } else { nil }
        }.last
    }
}
