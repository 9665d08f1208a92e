extension NextSecureHashed.Parameters {
    /// The hash of a name (RFC 5155 §5): 20 octets of SHA-1, after as many rounds as ``iterations`` says and one more.
    ///
    /// It costs time in proportion to the rounds: compare ``iterations`` with a limit first (RFC 9276 §3.2).
    ///
    /// - Returns: Nothing, an empty array, for an algorithm other than ``sha1``; it equals no owner's hash.
    public func hash(of name: DNSName) -> [UInt8] {
        guard algorithm == Self.sha1 else { return [] }
        var digest = KeyDigest.sha1(name.wire + salt)
        for _ in 0..<iterations { digest = KeyDigest.sha1(digest + salt) }
        return digest
    }

    /// Reads an NSEC3PARAM record (RFC 5155 §4).
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .nsec3param, case .other(let octets) = record.data, octets.count >= 5,
            octets.count == 5 + Int(octets[4])
        else { return nil }
        self.init(algorithm: octets[0], iterations: octets.bigEndian(at: 2), salt: Array(octets[5...]))
    }

    /// The NSEC3PARAM record of a zone that hashes in this way.
    public func record(owner: DNSName, timeToLive: UInt32) -> DNSRecord {
        DNSRecord(owner: owner, type: .nsec3param, timeToLive: timeToLive, octets: octets(flags: 0))
    }

    /// Algorithm, flags, iterations and salt, as NSEC3 and NSEC3PARAM begin.
    func octets(flags: UInt8) -> [UInt8] {
        var octets = [algorithm, flags]
        octets.appendBigEndian(iterations)
        return octets + [UInt8(truncatingIfNeeded: salt.count)] + salt
    }
}

extension NextSecureHashed {
    /// The hash that the first label of the owner holds, nil when it holds none.
    public var ownerHash: [UInt8]? { owner.labels.first.flatMap(Base32Hex.decode) }

    /// The zone, right below which the record stands; nil when the record stands at the root.
    public var zone: DNSName? { owner.parent }

    /// The name under which the record of a hash stands (RFC 5155 §3).
    ///
    /// - Returns: nil when the zone's name is too long for it, or the hash for a label.
    public static func owner(ofHash hash: [UInt8], in zone: DNSName) -> DNSName? {
        let label = Base32Hex.encode(hash)
        guard 1...DNSName.maximumLabelOctets ~= label.count else { return nil }
        return try? DNSName(wire: [UInt8(label.count)] + label + zone.wire)
    }
}
