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

    private static func split(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Parts, AddressError> {
        var at = -1
        var slash = bytes.count
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "/") {
                slash = index
                break
            }
            if byte == UInt8(ascii: "@"), at < 0 { at = index }
        }
        let domain = (at + 1)..<slash
        guard !domain.isEmpty else { return .failure(.emptyDomain) }
        guard domain.count <= 1023 else { return .failure(.domainTooLong(octets: domain.count)) }
        for index in domain where bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "@") || bytes[index] == 0x7F {
            return .failure(.disallowedCodePoint(String(decoding: bytes[domain], as: UTF8.self)))
        }
        var parts = Parts(localpart: nil, domain: domain, resourcepart: nil)
        if at >= 0 {
            guard (1...1023).contains(at), !bytes[0..<at].contains(where: isForbiddenInLocalpart) else {
                return .failure(.invalidLocalpart)
            }
            parts.localpart = 0..<at
        }
        if slash < bytes.count {
            let resource = (slash + 1)..<bytes.count
            guard (1...1023).contains(resource.count), !bytes[resource].contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { return .failure(.invalidResourcepart) }
            parts.resourcepart = resource
        }
        return .success(parts)
    }

    /// RFC 7622 §3.3.1, and the controls and space that the UsernameCaseMapped profile leaves out.
    private static func isForbiddenInLocalpart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "/"),
            UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }
}
