/// Where the parts of an address begin and end, found on bytes and without making strings (RFC 7622 §3.1).
public enum AddressSyntax {
    /// The parts of one address, as ranges of the bytes that were split.
    public struct Parts: Hashable, Sendable {
        /// What stands before the first `@`, or nil.
        public var localpart: Range<Int>?
        /// The domain; never empty.
        public var domain: Range<Int>
        /// What stands behind the first `/`, or nil.
        public var resourcepart: Range<Int>?
    }

    /// Splits an address and checks its localpart and resourcepart; the domain is checked by ``DomainName``.
    ///
    /// - Throws: ``AddressError`` for an empty part, a part of more than 1023 octets or a forbidden character.
    public static func split(_ bytes: some RandomAccessCollection<UInt8>) throws(AddressError) -> Parts {
        // The bytes are walked as one buffer: an address is checked for each stanza.
        let found = bytes.withContiguousStorageIfAvailable { buffer in split(buffer) }
        let result = found ?? Array(bytes).withUnsafeBufferPointer { split($0) }
        return try result.get()
    }

    /// One pass over all but the resourcepart: an address is checked for each stanza. The bytes below 64 of a part are
    /// gathered in a set, since nearly everything that is forbidden is among them.
    private static func split(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Parts, AddressError> {
        var at = -1
        var slash = bytes.count
        var small: UInt64 = 0
        var isForbidden = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 64 {
                if byte == UInt8(ascii: "/") {
                    slash = index
                    break
                }
                small |= 1 << UInt64(byte)
            } else if byte == UInt8(ascii: "@"), at < 0 {
                guard (1...1023).contains(index), small & forbiddenInLocalpart == 0, !isForbidden else {
                    return .failure(.invalidLocalpart)
                }
                at = index
                small = 0
            } else if byte == 0x7F || byte == UInt8(ascii: "@") {
                isForbidden = true
            }
            index += 1
        }
        let domain = (at + 1)..<slash
        guard !domain.isEmpty else { return .failure(.emptyDomain) }
        guard domain.count <= 1023 else { return .failure(.domainTooLong(octets: domain.count)) }
        guard small & controlsAndSpace == 0, !isForbidden else {
            return .failure(.disallowedCodePoint(String(decoding: bytes[domain], as: UTF8.self)))
        }
        var parts = Parts(localpart: at < 0 ? nil : 0..<at, domain: domain, resourcepart: nil)
        if slash < bytes.count {
            let resource = (slash + 1)..<bytes.count
            guard (1...1023).contains(resource.count), !bytes[resource].contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { return .failure(.invalidResourcepart) }
            parts.resourcepart = resource
        }
        return .success(parts)
    }

    private static let controlsAndSpace: UInt64 = 0x1_FFFF_FFFF

    /// RFC 7622 §3.3.1, and the controls and space that the UsernameCaseMapped profile leaves out: `"&':<>`, and `/`,
    /// which ends the search.
    private static let forbiddenInLocalpart: UInt64 =
        controlsAndSpace | 1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3A | 1 << 0x3C | 1 << 0x3E
}
