internal import CIDN2

/// A domain as XMPP compares it: normalised once, here, and trusted everywhere after.
///
/// Addresses on the XMPP wire carry U-labels in lower case with no final dot; DNS, TLS and HTTPS take the A-label form.
/// - SeeAlso: RFC 7622 §3.2, RFC 5891.
public struct DomainName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The normalised form with U-labels, for the XMPP wire, logs and comparison.
    public let description: String

    /// The form with A-labels, for DNS, SNI and the dNSNames of certificates.
    ///
    /// Found anew each time: it is asked for when a server is dialled or proved, and names are kept by the thousand.
    public var ascii: String {
        description.utf8.allSatisfy { $0 < 0x80 } ? description : Self.toASCII(description) ?? description
    }

    /// Normalises and checks a domain received from a peer or read from the configuration.
    ///
    /// - Parameter text: The domainpart alone, without `@` or `/`; at most 1023 octets in UTF-8.
    /// - Throws: ``AddressError`` naming the rule that `text` breaks.
    /// - SeeAlso: RFC 7622 §3.2.
    public init(_ text: String) throws(AddressError) {
        let octets = text.utf8.count
        guard octets <= 1023 else { throw .domainTooLong(octets: octets) }
        if Self.isPlain(text.utf8) {
            description = text
            return
        }
        var trimmed = Substring(text)
        if trimmed.utf8.last == UInt8(ascii: ".") { trimmed.removeLast() }
        guard !trimmed.isEmpty else { throw .emptyDomain }
        if let literal = AddressLiteral.normalise(trimmed) {
            description = literal
            return
        }
        let lowered = Self.loweredASCII(trimmed)
        if let lowered, !Self.holdsALabel(lowered) {
            try Self.checkLabels(lowered)
            description = lowered
            return
        }
        let converted = try Self.convert(lowered ?? String(trimmed))
        try Self.checkLabels(converted.ascii)
        description = converted.unicode
    }

    /// The same check for bytes of a stream.
    ///
    /// - Throws: ``AddressError``; ``AddressError/invalidEncoding`` when the bytes are not UTF-8.
    public init(utf8 bytes: some Collection<UInt8>) throws(AddressError) {
        guard bytes.count <= 1024 else { throw .domainTooLong(octets: bytes.count) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidEncoding }
        try self.init(text)
    }

    /// Whether the domain is an IP address, which has no service records and no name in a certificate but iPAddress.
    public var isAddressLiteral: Bool { AddressLiteral.normalise(Substring(description)) != nil }

    /// Whether `other` is a proper subdomain of this domain.
    public func isParent(of other: DomainName) -> Bool {
        other.description.utf8.count > description.utf8.count + 1 && other.description.hasSuffix("." + description)
    }

    /// Whether `bytes` are exactly the normalised form; the test of the hot path.
    public func hasSameSpelling(as bytes: UnsafeRawBufferPointer) -> Bool {
        var copy = description
        return copy.withUTF8 { own in
            guard own.count == bytes.count else { return false }
            let own = UnsafeRawBufferPointer(own)
            var offset = 0
            // Eight octets at a time: this is asked twice for each stanza.
            while offset + 8 <= own.count {
                guard
                    own.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                        == bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                else { return false }
                offset += 8
            }
            while offset < own.count {
                guard own[offset] == bytes[offset] else { return false }
                offset += 1
            }
            return true
        }
    }

    /// Compares by the normalised form.
    public static func == (left: DomainName, right: DomainName) -> Bool { left.description == right.description }

    /// Orders by the normalised form.
    public static func < (left: DomainName, right: DomainName) -> Bool { left.description < right.description }

    /// Hashes the normalised form.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    // MARK: - Normalising

    /// Whether the text is in both normal forms as it stands, which nearly every domain on the wire is: labels of lower-case
    /// letters, digits and hyphens, none of them an A-label, and the last one begins with a letter, which that of an IPv4
    /// address does not. Whatever is not so plain is looked at in full.
    private static func isPlain(_ octets: String.UTF8View) -> Bool {
        guard (1...253).contains(octets.count) else { return false }
        let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
        var first = dot
        var previous = dot
        var length = 0
        for octet in octets {
            switch octet {
            case dot:
                guard length > 0, previous != hyphen else { return false }
                length = -1
            case hyphen:
                // What has hyphens in its third and fourth place may be an A-label.
                guard length > 0, length != 3 || previous != hyphen else { return false }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                if length == 0 { first = octet }
            default: return false
            }
            length += 1
            guard length <= 63 else { return false }
            previous = octet
        }
        return length > 0 && previous != hyphen && first >= UInt8(ascii: "a")
    }

    private static func loweredASCII(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            guard byte < 0x80 else { return nil }
            bytes.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func holdsALabel(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).contains { $0.hasPrefix("xn--") }
    }

    private static func checkLabels(_ ascii: String) throws(AddressError) {
        guard ascii.utf8.count <= 253 else { throw .domainTooLong(octets: ascii.utf8.count) }
        for label in ascii.split(separator: ".", omittingEmptySubsequences: false) {
            let bytes = label.utf8
            let isHostLabel = bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            guard isHostLabel, (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
                bytes.last != UInt8(ascii: "-")
            else { throw .invalidLabel(String(label)) }
        }
    }

    /// Both forms by IDNA2008, without the transitional mapping, so that `straße` stays what it is (CM-08).
    private static func convert(_ text: String) throws(AddressError) -> (unicode: String, ascii: String) {
        // The library would take what stands in front of a zero for the whole.
        guard !text.utf8.contains(0) else { throw .disallowedCodePoint(text) }
        // The library leaves out what nobody sees; a name that looks like another is no second spelling of it (RFC 5892 §2.8).
        guard !text.unicodeScalars.contains(where: isInvisible) else { throw .disallowedCodePoint(text) }
        guard let ascii = toASCII(text) else { throw .disallowedCodePoint(text) }
        guard let unicode = take({ idn2_to_unicode_8z8z(ascii, $0, 0) }) else { throw .disallowedCodePoint(text) }
        // An A-label that is not the encoding of its own U-label would be a second name for the same domain.
        guard toASCII(unicode) == ascii else { throw .disallowedCodePoint(text) }
        guard isPlainSpelling(text, of: unicode, ascii) else { throw .disallowedCodePoint(text) }
        return (unicode, ascii)
    }

    /// Whether each label is its own U-label or A-label but for letter case. The library would also fold full-width
    /// letters, ideographic full stops and the like, of which RFC 7622 §3.2 knows nothing: what is carried unchanged
    /// must be read by others as the domain that was proved.
    private static func isPlainSpelling(_ text: String, of unicode: String, _ ascii: String) -> Bool {
        let given = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let unicode = unicode.split(separator: ".", omittingEmptySubsequences: false)
        let ascii = ascii.split(separator: ".", omittingEmptySubsequences: false)
        guard given.count == unicode.count, given.count == ascii.count else { return false }
        return given.indices.allSatisfy { given[$0] == unicode[$0] || given[$0] == ascii[$0] }
    }

    /// Whether a renderer shows nothing for it; the two joiners have rules of their own (RFC 5892 §A.1, §A.2).
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{200C}" && scalar != "\u{200D}"
    }

    private static func toASCII(_ text: String) -> String? {
        let flags = Int32(IDN2_NFC_INPUT.rawValue) | Int32(IDN2_NONTRANSITIONAL.rawValue)
        return take { idn2_to_ascii_8z(text, $0, flags) }
    }

    private static func take(_ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32) -> String? {
        var result: UnsafeMutablePointer<CChar>?
        guard call(&result) == IDN2_OK.rawValue, let result else { return nil }
        defer { ligase_idn2_free(result) }
        return String(cString: result)
    }
}
