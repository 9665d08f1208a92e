public import DNSMessages

/// The DNSKEY records of a zone, with which of these keys signed them; nothing is said of whom to trust.
public struct SignedKeySet: Hashable, Sendable {
    /// The zone.
    public let zone: DNSName
    /// All keys, in the order of the response.
    public let keys: [ZoneKey]
    /// Those whose signature over the whole set holds now.
    public let signers: [ZoneKey]
    /// Seconds to live that the set has in the zone, the shortest that a signature says.
    public let originalTimeToLive: UInt32
    /// When the first of the signatures that hold ends: seconds since 1970.
    public let expiration: Int64

    /// Signatures that are checked at most, whatever a response holds (CVE-2023-50387).
    public static let maximumChecks = 24
    /// Keys in a set that is looked at.
    public static let maximumKeys = 32

    /// Makes a set.
    public init(
        zone: DNSName, keys: [ZoneKey], signers: [ZoneKey], originalTimeToLive: UInt32, expiration: Int64
    ) {
        self.zone = zone
        self.keys = keys
        self.signers = signers
        self.originalTimeToLive = originalTimeToLive
        self.expiration = expiration
    }

    /// Reads the answer section of a response to a DNSKEY question that was asked with signatures, and checks these.
    ///
    /// - Parameters:
    ///   - wallClock: Seconds since 1970.
    ///   - clockSkew: Seconds that our clock may be wrong.
    /// - Returns: nil when it holds no keys of the zone, too many of them, or no signature of theirs that holds.
    public init?(of zone: DNSName, in answers: [DNSRecord], at wallClock: Int64, clockSkew: Int64 = 300) {
        let records = answers.filter { $0.owner == zone && $0.type == .dnskey }
        let keys = records.compactMap { ZoneKey($0) }
        guard !keys.isEmpty, keys.count == records.count, keys.count <= Self.maximumKeys else { return nil }
        var signers: [ZoneKey] = []
        var expirations: [Int64] = []
        var timesToLive: [UInt32] = []
        var checks = 0
        for signature in answers.compactMap({ RecordSignature($0) })
        where signature.covers(keysOf: zone, at: wallClock, clockSkew: clockSkew) {
            for key in keys where key.mayHaveSigned(signature) && !signers.contains(key) {
                checks += 1
                guard checks <= Self.maximumChecks else { return nil }
                guard SignatureCheck.isValid(signature, over: records, by: key) else { continue }
                signers.append(key)
                expirations.append(signature.end(near: wallClock))
                timesToLive.append(signature.originalTimeToLive)
            }
        }
        guard let expiration = expirations.min(), let timeToLive = timesToLive.min() else { return nil }
        self.init(
            zone: zone, keys: keys, signers: signers, originalTimeToLive: timeToLive, expiration: expiration)
    }
}

extension RecordSignature {
    fileprivate func covers(keysOf zone: DNSName, at wallClock: Int64, clockSkew: Int64) -> Bool {
        owner == zone && signer == zone && coveredType == .dnskey && Int(labels) == zone.labelCount
            && distance(of: inception, from: wallClock) <= clockSkew
            && distance(of: expiration, from: wallClock) >= -clockSkew
    }

    fileprivate func end(near wallClock: Int64) -> Int64 { wallClock + distance(of: expiration, from: wallClock) }

    /// Serial arithmetic (RFC 4034 §3.1.5): the times wrap in 2106.
    private func distance(of moment: UInt32, from wallClock: Int64) -> Int64 {
        Int64(Int32(bitPattern: moment &- UInt32(truncatingIfNeeded: wallClock)))
    }
}

extension ZoneKey {
    /// A revoked key may have: only by its own signature is it revoked.
    fileprivate func mayHaveSigned(_ signature: RecordSignature) -> Bool {
        unrevoked.isUsable && algorithm == signature.algorithm && tag == signature.keyTag
    }
}
