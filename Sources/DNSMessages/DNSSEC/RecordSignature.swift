/// A signature over a set of records: an RRSIG record (RFC 4034 §3).
public struct RecordSignature: Hashable, Sendable {
    /// The owner of the signature and of what it signs.
    public let owner: DNSName
    /// The type of the records signed.
    public let coveredType: RecordType
    /// The algorithm of the key.
    public let algorithm: SigningAlgorithm
    /// The labels of the owner's name, without the root and without a wildcard label.
    public let labels: UInt8
    /// Seconds to live that the records had in the zone.
    public let originalTimeToLive: UInt32
    /// When it ends: seconds since 1970 modulo 2^32, to be compared in serial arithmetic (RFC 4034 §3.1.5).
    public let expiration: UInt32
    /// When it begins, counted alike.
    public let inception: UInt32
    /// A hint at the key.
    public let keyTag: UInt16
    /// The zone whose key signed.
    public let signer: DNSName
    /// The signature itself.
    public let signature: [UInt8]
    /// Seconds to live of the RRSIG record.
    public let timeToLive: UInt32

    private static let fixedOctets = 18

    /// Reads an RRSIG record.
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .rrsig, case .other(let octets) = record.data, octets.count > Self.fixedOctets,
            let (signer, end) = DNSName.uncompressed(in: octets, at: Self.fixedOctets), end < octets.count
        else { return nil }
        owner = record.owner
        coveredType = RecordType(rawValue: octets.bigEndian(at: 0))
        algorithm = SigningAlgorithm(rawValue: octets[2])
        labels = octets[3]
        originalTimeToLive = octets.bigEndian(at: 4)
        expiration = octets.bigEndian(at: 8)
        inception = octets.bigEndian(at: 12)
        keyTag = octets.bigEndian(at: 16)
        self.signer = signer
        signature = Array(octets[end...])
        timeToLive = record.timeToLive
    }

    /// Makes a signature from its fields.
    public init(
        owner: DNSName, coveredType: RecordType, algorithm: SigningAlgorithm, labels: UInt8,
        originalTimeToLive: UInt32, expiration: UInt32, inception: UInt32, keyTag: UInt16, signer: DNSName,
        signature: [UInt8], timeToLive: UInt32
    ) {
        self.owner = owner
        self.coveredType = coveredType
        self.algorithm = algorithm
        self.labels = labels
        self.originalTimeToLive = originalTimeToLive
        self.expiration = expiration
        self.inception = inception
        self.keyTag = keyTag
        self.signer = signer
        self.signature = signature
        self.timeToLive = timeToLive
    }

    /// The record.
    public var record: DNSRecord {
        DNSRecord(owner: owner, type: .rrsig, timeToLive: timeToLive, octets: prefix + signature)
    }

    /// The data without the signature, which is signed as well (RFC 4034 §3.1.8.1).
    var prefix: [UInt8] {
        var octets: [UInt8] = []
        octets.appendBigEndian(coveredType.rawValue)
        octets += [algorithm.rawValue, labels]
        for number in [originalTimeToLive, expiration, inception] { octets.appendBigEndian(number) }
        octets.appendBigEndian(keyTag)
        return octets + signer.wire
    }
}
