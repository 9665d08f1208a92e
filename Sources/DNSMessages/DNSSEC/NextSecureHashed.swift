/// "From this hash to the next there is nothing": an NSEC3 record (RFC 5155 §3).
public struct NextSecureHashed: Hashable, Sendable {
    /// How names are hashed: what all records of one chain have in common.
    public struct Parameters: Hashable, Sendable {
        /// The hash; 1 is SHA-1, and there is no other.
        public let algorithm: UInt8
        /// Rounds besides the first.
        public let iterations: UInt16
        /// What is hashed with the name.
        public let salt: [UInt8]

        /// The only hash algorithm there is.
        public static let sha1: UInt8 = 1

        /// Makes parameters.
        public init(algorithm: UInt8 = Self.sha1, iterations: UInt16 = 0, salt: [UInt8] = []) {
            (self.algorithm, self.iterations, self.salt) = (algorithm, iterations, salt)
        }
    }

    /// The owner's name: the hash in base32hex, below the zone.
    public let owner: DNSName
    /// How names are hashed.
    public let parameters: Parameters
    /// Bit 0 is Opt-Out; a record with any other bit does not count (RFC 5155 §8.2).
    public let flags: UInt8
    /// The hash where the gap ends.
    public let nextHash: [UInt8]
    /// The types at the name that has the owner's hash.
    public let types: RecordTypeSet

    private static let fixedOctets = 5

    /// Unsigned delegations may lie in the gap (RFC 5155 §6).
    public static let optOutFlag: UInt8 = 0x01

    /// Reads an NSEC3 record.
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .nsec3, case .other(let octets) = record.data, octets.count >= Self.fixedOctets else {
            return nil
        }
        let saltEnd = Self.fixedOctets + Int(octets[4])
        guard saltEnd < octets.count else { return nil }
        let hashEnd = saltEnd + 1 + Int(octets[saltEnd])
        guard octets[saltEnd] > 0, hashEnd <= octets.count, let types = RecordTypeSet(octets: octets[hashEnd...]) else {
            return nil
        }
        owner = record.owner
        parameters = Parameters(
            algorithm: octets[0], iterations: octets.bigEndian(at: 2), salt: Array(octets[Self.fixedOctets..<saltEnd]))
        flags = octets[1]
        nextHash = Array(octets[(saltEnd + 1)..<hashEnd])
        self.types = types
    }

    /// Makes a record from its fields.
    public init(owner: DNSName, parameters: Parameters, flags: UInt8, nextHash: [UInt8], types: RecordTypeSet) {
        self.owner = owner
        self.parameters = parameters
        self.flags = flags
        self.nextHash = nextHash
        self.types = types
    }

    /// Whether unsigned delegations may lie in the gap.
    public var isOptOut: Bool { flags & Self.optOutFlag != 0 }

    /// The record.
    public func record(timeToLive: UInt32) -> DNSRecord {
        var octets = parameters.octets(flags: flags)
        octets += [UInt8(truncatingIfNeeded: nextHash.count)] + nextHash + types.octets
        return DNSRecord(owner: owner, type: .nsec3, timeToLive: timeToLive, octets: octets)
    }
}
