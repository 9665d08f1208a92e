/// The digest of a child zone's key in its parent: a DS record (RFC 4034 §5).
public struct DelegationSigner: Hashable, Sendable {
    /// The child zone.
    public let owner: DNSName
    /// A hint at the key.
    public let keyTag: UInt16
    /// The algorithm of the key.
    public let algorithm: SigningAlgorithm
    /// The kind of digest.
    public let digestType: UInt8
    /// The digest of the zone's name and the key's data.
    public let digest: [UInt8]

    private static let fixedOctets = 4

    /// Reads a DS record.
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .ds, case .other(let octets) = record.data, octets.count > Self.fixedOctets else {
            return nil
        }
        self.init(
            owner: record.owner, keyTag: octets.bigEndian(at: 0), algorithm: SigningAlgorithm(rawValue: octets[2]),
            digestType: octets[3], digest: Array(octets[Self.fixedOctets...]))
    }

    /// Makes a DS from its fields.
    public init(owner: DNSName, keyTag: UInt16, algorithm: SigningAlgorithm, digestType: UInt8, digest: [UInt8]) {
        self.owner = owner
        self.keyTag = keyTag
        self.algorithm = algorithm
        self.digestType = digestType
        self.digest = digest
    }

    /// The record.
    public func record(timeToLive: UInt32) -> DNSRecord {
        var octets: [UInt8] = []
        octets.appendBigEndian(keyTag)
        octets += [algorithm.rawValue, digestType] + digest
        return DNSRecord(owner: owner, type: .ds, timeToLive: timeToLive, octets: octets)
    }
}
