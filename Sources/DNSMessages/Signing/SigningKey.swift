/// A key pair of a zone, for tests and the demonstration: Ligase signs nothing in service.
///
/// It lives in memory only. A copy with other flags is the same key pair, as a revoked key is (RFC 5011 §2.1).
public struct SigningKey: Sendable {
    /// The public half, as the zone publishes it.
    public let zoneKey: ZoneKey

    private let pair: KeyPair

    /// What RSA keys have by default, in bits.
    public static let defaultModulusBits = 2048

    /// Makes a new key pair, from the random numbers of the system.
    ///
    /// - Parameters:
    ///   - flags: Those of the DNSKEY record: Zone Key, perhaps Secure Entry Point.
    ///   - modulusBits: The size of an RSA key; nothing to the other algorithms.
    /// - Throws: ``SigningFailure``.
    public init(
        zone: DNSName, algorithm: SigningAlgorithm, flags: UInt16 = ZoneKey.zoneFlag,
        modulusBits: Int = Self.defaultModulusBits
    ) throws(SigningFailure) {
        pair = try KeyPair(algorithm, modulusBits: modulusBits)
        zoneKey = ZoneKey(owner: zone, flags: flags, algorithm: algorithm, publicKey: try pair.publicKey())
    }

    private init(_ pair: KeyPair, as zoneKey: ZoneKey) {
        (self.pair, self.zoneKey) = (pair, zoneKey)
    }

    /// The same key pair with other flags, and perhaps in another zone.
    public func published(flags: UInt16, zone: DNSName? = nil) -> SigningKey {
        SigningKey(
            pair,
            as: ZoneKey(
                owner: zone ?? zoneKey.owner, flags: flags, algorithm: zoneKey.algorithm,
                publicKey: zoneKey.publicKey))
    }

    /// The same key pair with the flag that revokes it, which changes the tag, too.
    public var revoked: SigningKey { published(flags: zoneKey.flags | ZoneKey.revokedFlag) }

    /// Signs one set of records.
    ///
    /// - Parameters:
    ///   - inception: Seconds since 1970.
    ///   - expiration: Seconds since 1970.
    ///   - signer: The zone that the signature names; that of the key unless a test wants a lie.
    /// - Throws: ``SigningFailure/notOneSet``, or ``SigningFailure/libraryFailed(_:)``.
    public func sign(
        _ records: [DNSRecord], inception: UInt32, expiration: UInt32, signer: DNSName? = nil
    ) throws(SigningFailure) -> RecordSignature {
        guard let first = records.first else { throw .notOneSet }
        return try complete(
            RecordSignature(
                owner: first.owner, coveredType: first.type, algorithm: zoneKey.algorithm,
                labels: UInt8(truncatingIfNeeded: first.owner.labelCount - (first.owner.isWildcard ? 1 : 0)),
                originalTimeToLive: first.timeToLive, expiration: expiration, inception: inception,
                keyTag: zoneKey.tag, signer: signer ?? zoneKey.owner, signature: [], timeToLive: first.timeToLive),
            over: records)
    }

    /// Fills a signature in whose other fields are given, right or wrong.
    ///
    /// - Throws: ``SigningFailure/notOneSet``, or ``SigningFailure/libraryFailed(_:)``.
    public func complete(
        _ signature: RecordSignature, over records: [DNSRecord]
    ) throws(SigningFailure) -> RecordSignature {
        guard let signed = CanonicalForm.signedOctets(of: records, under: signature) else { throw .notOneSet }
        return RecordSignature(
            owner: signature.owner, coveredType: signature.coveredType, algorithm: signature.algorithm,
            labels: signature.labels, originalTimeToLive: signature.originalTimeToLive,
            expiration: signature.expiration, inception: signature.inception, keyTag: signature.keyTag,
            signer: signature.signer, signature: try pair.sign(signed), timeToLive: signature.timeToLive)
    }
}
