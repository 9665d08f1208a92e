internal import CLdns

/// The digests of data that DNSSEC knows; without state, and safe on any thread.
enum KeyDigest {
    /// SHA-1, 20 octets.
    static func sha1(_ data: [UInt8]) -> [UInt8] { digest(data, octets: 20) { ldns_sha1($0, $1, $2) } }

    /// SHA-256, 32 octets.
    static func sha256(_ data: [UInt8]) -> [UInt8] { digest(data, octets: 32) { ldns_sha256($0, $1, $2) } }

    /// SHA-384, 48 octets.
    static func sha384(_ data: [UInt8]) -> [UInt8] { digest(data, octets: 48) { ldns_sha384($0, $1, $2) } }

    private static func digest(
        _ data: [UInt8], octets: Int, _ function: (UnsafePointer<UInt8>?, UInt32, UnsafeMutablePointer<UInt8>?) -> Void
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: octets) { digest, count in
            data.withUnsafeBufferPointer { data in
                // Records and names only: far below the 4 GiB that the library can count.
                function(data.baseAddress, UInt32(truncatingIfNeeded: data.count), digest.baseAddress)
            }
            count = octets
        }
    }
}

extension ZoneKey {
    /// The digest that a DS record of this key holds (RFC 4034 §5.1.4): over the owner's name and the key's data.
    ///
    /// - Parameter type: 1 for SHA-1, 2 for SHA-256 (RFC 4509), 4 for SHA-384 (RFC 6605).
    /// - Returns: nil for any other type.
    public func digest(type: UInt8) -> [UInt8]? {
        switch type {
        case 1: KeyDigest.sha1(owner.wire + octets)
        case 2: KeyDigest.sha256(owner.wire + octets)
        case 4: KeyDigest.sha384(owner.wire + octets)
        default: nil
        }
    }

    /// The DS record for this key, to stand in the parent zone.
    ///
    /// - Returns: nil for a type of digest that ``digest(type:)`` does not know.
    public func delegationSigner(digestType: UInt8 = 2) -> DelegationSigner? {
        digest(type: digestType).map {
            DelegationSigner(owner: owner, keyTag: tag, algorithm: algorithm, digestType: digestType, digest: $0)
        }
    }
}

extension DelegationSigner {
    /// The types of digest that are checked (RFC 8624 §3.3): SHA-1, SHA-256, SHA-384.
    public static let supportedDigestTypes: Set<UInt8> = [1, 2, 4]

    /// Whether the type of digest is one that is checked; whether the algorithm is, too, ``SigningAlgorithm/supported``
    /// says (RFC 6840 §5.2).
    public var isSupported: Bool { Self.supportedDigestTypes.contains(digestType) }

    /// Whether it is the digest of a key: same zone, tag and algorithm, and the same digest (RFC 4035 §5.2).
    public func matches(_ key: ZoneKey) -> Bool {
        key.owner == owner && key.algorithm == algorithm && key.tag == keyTag && key.digest(type: digestType) == digest
    }
}
