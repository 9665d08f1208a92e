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

    /// Where the domain of a valid address is, or nil: what a stanza asks of each of its addresses.
    ///
    /// One pass over all but the resourcepart. The bytes below 64 of a part are gathered in a set, since nearly
    /// everything that is forbidden is among them.
    static func domain(of bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        let count = bytes.count
        var start = 0
        var small: UInt64 = 0
        var index = 0
        while index < count {
            let byte = bytes[index]
            if byte < 64 {
                if byte == UInt8(ascii: "/") { break }
                small |= 1 << UInt64(byte)
            } else if byte == UInt8(ascii: "@") {
                guard start == 0, (1...1023).contains(index), small & forbiddenInLocalpart == 0 else { return nil }
                start = index + 1
                small = 0
            } else if byte == 0x7F {
                return nil
            }
            index += 1
        }
        guard index > start, index - start <= 1023, small & controlsAndSpace == 0 else { return nil }
        let end = index
        guard end < count else { return start..<end }
        guard (1...1023).contains(count - end - 1) else { return nil }
        index += 1
        while index < count {
            if bytes[index] < 0x20 || bytes[index] == 0x7F { return nil }
            index += 1
        }
        return start..<end
    }

    private static func split(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Parts, AddressError> {
        guard let domain = domain(of: UnsafeRawBufferPointer(bytes)) else { return .failure(fault(bytes)) }
        return .success(
            Parts(
                localpart: domain.lowerBound == 0 ? nil : 0..<domain.lowerBound - 1, domain: domain,
                resourcepart: domain.upperBound == bytes.count ? nil : domain.upperBound + 1..<bytes.count))
    }

    /// What is wrong with an address that is none.
    private static func fault(_ bytes: UnsafeBufferPointer<UInt8>) -> AddressError {
        let bare = bytes.prefix { $0 != UInt8(ascii: "/") }
        let at = bare.firstIndex(of: UInt8(ascii: "@"))
        let domain = at.map { bare[($0 + 1)...] } ?? bare
        if let at {
            let isAllowed = bare[..<at].allSatisfy { byte in
                byte == 0x7F ? false : byte >= 64 || forbiddenInLocalpart & (1 << UInt64(byte)) == 0
            }
            guard isAllowed, (1...1023).contains(at) else { return .invalidLocalpart }
        }
        guard !domain.isEmpty else { return .emptyDomain }
        guard domain.count <= 1023 else { return .domainTooLong(octets: domain.count) }
        let isDomain = domain.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "@") }
        return isDomain ? .invalidResourcepart : .disallowedCodePoint(String(decoding: domain, as: UTF8.self))
    }

    private static let controlsAndSpace: UInt64 = 0x1_FFFF_FFFF

    /// RFC 7622 §3.3.1, and the controls and space that the UsernameCaseMapped profile leaves out: `"&':<>`, and `/`,
    /// which ends the search.
    private static let forbiddenInLocalpart: UInt64 =
        controlsAndSpace | 1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3A | 1 << 0x3C | 1 << 0x3E
}
