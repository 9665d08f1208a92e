/// Reads the fields of a record's data and writes each as text.
struct FieldReader {
    /// The forms that a field may have.
    enum Field {
        case octet
        case short
        case long
        /// Seconds since 1970, as the digits of year to second.
        case moment
        case type
        case name
        case address(octets: Int)
        /// An octet of length and as many octets; a hyphen for none.
        case salt
        /// An octet of length and as many octets in base32hex.
        case hash
        /// Everything that follows, at least one octet of it.
        case hexadecimal
        case base64
        /// Texts with an octet of length each, at least one.
        case texts
        /// A bitmap of types.
        case types
    }

    private let octets: [UInt8]
    private var position = 0

    init(_ octets: [UInt8]) {
        self.octets = octets
    }

    /// All the fields, divided by blanks.
    ///
    /// - Returns: nil unless the data end where the last field does.
    mutating func fields(_ layout: [Field]) -> String? {
        var texts: [String] = []
        for field in layout {
            guard let text = text(of: field) else { return nil }
            if !text.isEmpty { texts.append(text) }
        }
        return position == octets.count ? texts.joined(separator: " ") : nil
    }

    private mutating func text(of field: Field) -> String? {
        switch field {
        case .octet: number(UInt8.self).map { "\($0)" }
        case .short: number(UInt16.self).map { "\($0)" }
        case .long: number(UInt32.self).map { "\($0)" }
        case .moment: number(UInt32.self).map(Moment.digits)
        case .type: number(UInt16.self).map { "\(RecordType(rawValue: $0))" }
        case .name: name()
        case .address(let count): take(count).flatMap(IPAddress.init(octets:)).map { "\($0)" }
        case .salt: counted().map { $0.isEmpty ? "-" : OctetText.hexadecimal($0) }
        case .hash: counted().flatMap { $0.isEmpty ? nil : String(decoding: Base32Hex.encode($0), as: UTF8.self) }
        case .hexadecimal: rest().map(OctetText.hexadecimal)
        case .base64: rest().map(OctetText.base64)
        case .texts: texts()
        case .types:
            take(octets.count - position).flatMap(RecordTypeSet.init(octets:)).map { set in
                set.all.map(\.description).joined(separator: " ")
            }
        }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard octets.count - position >= count else { return nil }
        defer { position += count }
        return octets[position..<(position + count)]
    }

    private mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        take(Number.bitWidth / 8).map { octets in
            Number(truncatingIfNeeded: octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }

    private mutating func counted() -> ArraySlice<UInt8>? { number(UInt8.self).flatMap { take(Int($0)) } }

    private mutating func rest() -> ArraySlice<UInt8>? {
        position < octets.count ? take(octets.count - position) : nil
    }

    private mutating func name() -> String? {
        guard let (name, end) = DNSName.uncompressed(in: octets, at: position) else { return nil }
        position = end
        return name.absoluteText
    }

    private mutating func texts() -> String? {
        var texts: [String] = []
        while position < octets.count {
            guard let text = counted() else { return nil }
            texts.append(OctetText.quoted(text))
        }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }
}
