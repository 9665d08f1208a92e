public import XMPPModel

/// A fully qualified domain name as DNS knows it: labels of octets, compared without regard to ASCII case.
///
/// Unlike `DomainName` it may hold underscores and any other octet, since service and TLSA records live under such
/// names. Internationalised names are in A-label form.
///
/// - SeeAlso: RFC 1035 §3.1, RFC 4343.
public struct DNSName: Hashable, Sendable {
    /// The uncompressed wire form in lower case (the canonical form of RFC 4034 §6.2), the root label included.
    public let wire: [UInt8]

    /// The name of no labels, `.`; as a service target it says that there is no such service (RFC 2782).
    public static let root = DNSName(canonicalWire: [0])

    static let maximumOctets = 255
    static let maximumLabelOctets = 63

    /// Reads a name in master file form: labels in A-label text, `\DDD` and `\X` escapes, an optional final dot.
    ///
    /// - Throws: ``DNSNameError`` naming the rule that `text` breaks.
    public init(_ text: some StringProtocol) throws(DNSNameError) {
        wire = try DNSNameText.wire(of: text)
    }

    /// The name of an XMPP domain.
    ///
    /// - Throws: ``DNSNameError`` when the domain is longer than DNS carries; XMPP allows 1023 octets, DNS 255.
    public init(_ domain: DomainName) throws(DNSNameError) {
        try self.init(domain.ascii)
    }

    /// A name from its uncompressed wire form, in any letter case.
    ///
    /// - Throws: ``DNSNameError`` unless `wire` is exactly one whole name.
    public init(wire: some Sequence<UInt8>) throws(DNSNameError) {
        let octets = wire.map(Self.lowercased)
        guard octets.count <= Self.maximumOctets else { throw .nameTooLong(octets: octets.count) }
        var position = 0
        while position < octets.count, octets[position] != 0 {
            let length = Int(octets[position])
            guard length <= Self.maximumLabelOctets else { throw .labelTooLong(octets: length) }
            position += 1 + length
        }
        guard position == octets.count - 1 else { throw .malformed }
        self.wire = octets
    }

    init(canonicalWire: [UInt8]) {
        wire = canonicalWire
    }

    /// The labels from left to right, without the root label.
    public var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var position = 0
        while wire[position] != 0 {
            let end = position + 1 + Int(wire[position])
            labels.append(wire[(position + 1)..<end])
            position = end
        }
        return labels
    }

    /// Whether this is the root, `.`.
    public var isRoot: Bool { wire.count == 1 }

    /// The name without its first label, or nil for the root.
    public var parent: DNSName? {
        guard !isRoot else { return nil }
        return DNSName(canonicalWire: Array(wire[(1 + Int(wire[0]))...]))
    }

    /// This name below a further label, `_tcp` for instance.
    ///
    /// - Throws: ``DNSNameError`` when the label or the whole becomes too long.
    public func prefixed(by label: String) throws(DNSNameError) -> DNSName {
        let octets = label.utf8.map(Self.lowercased)
        guard !octets.isEmpty else { throw .emptyLabel }
        guard octets.count <= Self.maximumLabelOctets else { throw .labelTooLong(octets: octets.count) }
        let whole = [UInt8(octets.count)] + octets + wire
        guard whole.count <= Self.maximumOctets else { throw .nameTooLong(octets: whole.count) }
        return DNSName(canonicalWire: whole)
    }

    /// Whether this name is `ancestor` or lies below it.
    public func isAtOrBelow(_ ancestor: DNSName) -> Bool {
        let start = wire.count - ancestor.wire.count
        guard start >= 0 else { return false }
        // What ends alike is no ancestor when it begins inside a label.
        var position = 0
        while position < start { position += 1 + Int(wire[position]) }
        return position == start && ends(with: ancestor)
    }

    /// Whether names are equal, whatever their letter case was.
    public static func == (left: DNSName, right: DNSName) -> Bool {
        left.wire.count == right.wire.count && left.ends(with: right)
    }

    /// Whether the last octets are those of a name that is not longer; eight are compared at a time.
    private func ends(with other: DNSName) -> Bool {
        wire.withUnsafeBytes { own in
            other.wire.withUnsafeBytes { other in
                let start = own.count - other.count
                var position = 0
                while position + 8 <= other.count {
                    let octets = own.loadUnaligned(fromByteOffset: start + position, as: UInt64.self)
                    guard octets == other.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
                    position += 8
                }
                while position < other.count {
                    guard own[start + position] == other[position] else { return false }
                    position += 1
                }
                return true
            }
        }
    }

    /// Feeds the octets at once, which is much faster than one by one.
    public func hash(into hasher: inout Hasher) {
        wire.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    static func lowercased(_ octet: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= octet ? octet | 0x20 : octet
    }
}

extension DNSName: CustomStringConvertible {
    /// The name in lower case without a final dot, special octets escaped; the root is `.`.
    public var description: String {
        isRoot ? "." : labels.map(DNSNameText.escaped).joined(separator: ".")
    }
}
