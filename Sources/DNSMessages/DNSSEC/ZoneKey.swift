/// A zone's public key: a DNSKEY record (RFC 4034 §2).
public struct ZoneKey: Hashable, Sendable {
    /// The zone that it belongs to.
    public let owner: DNSName
    /// Zone Key, Revoked, Secure Entry Point.
    public let flags: UInt16
    /// Always 3 in a key that counts.
    public let protocolNumber: UInt8
    /// The algorithm of the signatures that it makes.
    public let algorithm: SigningAlgorithm
    /// The key in the form of the algorithm.
    public let publicKey: [UInt8]
    /// The number that signatures and DS records hint at it with; not unique (RFC 4034 appendix B).
    ///
    /// Worked out once: a flood of signatures has it compared again and again, and keys may be long.
    public let tag: UInt16

    private static let fixedOctets = 4

    /// The bit that says that it signs a zone's records (RFC 4034 §2.1.1).
    public static let zoneFlag: UInt16 = 0x0100
    /// The bit that says that it is revoked (RFC 5011 §7).
    public static let revokedFlag: UInt16 = 0x0080
    /// The bit of a key that others point to (RFC 4034 §2.1.1).
    public static let secureEntryPointFlag: UInt16 = 0x0001
    /// The only protocol there is.
    public static let protocolDNSSEC: UInt8 = 3

    /// Reads a DNSKEY record.
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .dnskey, case .other(let octets) = record.data, octets.count > Self.fixedOctets else {
            return nil
        }
        self.init(
            owner: record.owner, flags: octets.bigEndian(at: 0), protocolNumber: octets[2],
            algorithm: SigningAlgorithm(rawValue: octets[3]), publicKey: Array(octets[Self.fixedOctets...]))
    }

    /// Makes a key from its fields.
    public init(
        owner: DNSName, flags: UInt16, protocolNumber: UInt8 = Self.protocolDNSSEC, algorithm: SigningAlgorithm,
        publicKey: [UInt8]
    ) {
        self.owner = owner
        self.flags = flags
        self.protocolNumber = protocolNumber
        self.algorithm = algorithm
        self.publicKey = publicKey
        tag = Self.tag(of: Self.octets(flags, protocolNumber, algorithm, publicKey))
    }

    /// Whether it may sign the records of its zone: Zone Key set, not revoked, protocol 3.
    public var isUsable: Bool {
        flags & Self.zoneFlag != 0 && flags & Self.revokedFlag == 0 && protocolNumber == Self.protocolDNSSEC
    }

    /// Whether it is revoked (RFC 5011 §2.1).
    public var isRevoked: Bool { flags & Self.revokedFlag != 0 }

    /// Whether others are meant to point to it.
    public var isSecureEntryPoint: Bool { flags & Self.secureEntryPointFlag != 0 }

    /// The data of the record.
    public var octets: [UInt8] { Self.octets(flags, protocolNumber, algorithm, publicKey) }

    private static func octets(
        _ flags: UInt16, _ protocolNumber: UInt8, _ algorithm: SigningAlgorithm, _ publicKey: [UInt8]
    ) -> [UInt8] {
        var octets: [UInt8] = []
        octets.appendBigEndian(flags)
        return octets + [protocolNumber, algorithm.rawValue] + publicKey
    }

    private static func tag(of octets: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, octet) in octets.enumerated() {
            sum += index.isMultiple(of: 2) ? UInt32(octet) << 8 : UInt32(octet)
        }
        return UInt16(truncatingIfNeeded: sum + (sum >> 16 & 0xFFFF))
    }

    /// The record.
    public func record(timeToLive: UInt32) -> DNSRecord {
        DNSRecord(owner: owner, type: .dnskey, timeToLive: timeToLive, octets: octets)
    }
}
