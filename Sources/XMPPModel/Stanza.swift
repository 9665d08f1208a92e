/// A stanza that is carried: its envelope and its bytes, never a tree.
///
/// The bytes are the serialised element with the content namespace left implicit, so that they fit a stream between
/// servers and a component's stream alike (RFC 6120 §4.8.3). One array holds the XML and behind it the decoded values
/// of the envelope, so that a stanza costs one allocation.
public struct Stanza: Hashable, Sendable {
    /// The three kinds of stanza (RFC 6120 §8).
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        case message
        case presence
        case iq

        /// The name of the element.
        public var elementName: String {
            switch self {
            case .message: "message"
            case .presence: "presence"
            case .iq: "iq"
            }
        }

        /// The number of octets of ``elementName``.
        var elementNameCount: Int {
            switch self {
            case .message: 7
            case .presence: 8
            case .iq: 2
            }
        }
    }

    /// What an address attribute is worth.
    struct Address: Hashable, Sendable {
        /// The attribute's decoded value in `storage`.
        var value: Slot = .absent
        /// The domain in `storage`; absent when the attribute is absent or no valid address.
        var domain: Slot = .absent
    }

    /// A range of `storage`.
    struct Slot: Hashable, Sendable {
        var start: UInt32
        var count: UInt32
        static let absent = Slot(start: .max, count: 0)
        var isAbsent: Bool { start == .max }
        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// Message, presence or iq.
    public let kind: Kind
    private let storage: [UInt8]
    private let xmlCount: Int
    private let sender: Address
    private let recipient: Address
    private let identifier: Slot
    private let typeValue: Slot
    private let languageValue: Slot

    /// Makes a stanza from its serialised bytes and the decoded values of its envelope.
    ///
    /// - Parameters:
    ///   - xml: One whole element with the content namespace implicit, well-formed on its own. Its name has no prefix.
    ///   - insertion: Attributes to put behind the element's name, each with a space in front.
    ///   - values: The decoded values of the envelope, one behind the other.
    ///   - from, to, id, type, language: Where each attribute's value is in `values`; nil when the attribute is absent.
    public init(
        _ kind: Kind, xml: UnsafeRawBufferPointer, inserting insertion: UnsafeRawBufferPointer? = nil,
        values: UnsafeRawBufferPointer, from: Range<Int>?, to: Range<Int>?, id: Range<Int>? = nil,
        type: Range<Int>? = nil, language: Range<Int>? = nil
    ) {
        self.kind = kind
        xmlCount = xml.count + (insertion?.count ?? 0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(xmlCount + values.count)
        if let insertion {
            let head = min(kind.elementNameCount + 1, xml.count)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: xml[..<head]))
            bytes.append(contentsOf: insertion)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: xml[head...]))
        } else {
            bytes.append(contentsOf: xml)
        }
        bytes.append(contentsOf: values)
        storage = bytes
        sender = Self.address(from, in: values, behind: xmlCount)
        recipient = Self.address(to, in: values, behind: xmlCount)
        identifier = Self.slot(id, behind: xmlCount)
        typeValue = Self.slot(type, behind: xmlCount)
        languageValue = Self.slot(language, behind: xmlCount)
    }

    private static func slot(_ range: Range<Int>?, behind offset: Int) -> Slot {
        guard let range else { return .absent }
        return Slot(start: UInt32(offset + range.lowerBound), count: UInt32(range.count))
    }

    private static func address(
        _ range: Range<Int>?, in values: UnsafeRawBufferPointer, behind offset: Int
    ) -> Address {
        guard let range else { return Address() }
        let slot = slot(range, behind: offset)
        guard let domain = AddressSyntax.domain(of: UnsafeRawBufferPointer(rebasing: values[range])) else {
            return Address(value: slot, domain: .absent)
        }
        return Address(
            value: slot, domain: Slot(start: slot.start + UInt32(domain.lowerBound), count: UInt32(domain.count)))
    }

    // MARK: - Bytes

    /// The number of octets of the serialised element.
    public var byteCount: Int { xmlCount }

    /// The serialised element, as a copy; for tests and cold paths.
    public var bytes: [UInt8] { Array(storage[0..<xmlCount]) }

    /// Lends the serialised element.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[0..<xmlCount])) }
    }

    /// Appends the serialised element.
    public func append(to output: inout [UInt8]) {
        withBytes { output.append(contentsOf: $0) }
    }

    // MARK: - Envelope

    /// The value of `from`, or nil when there is none.
    public var from: String? { text(sender.value) }
    /// The value of `to`, or nil when there is none.
    public var to: String? { text(recipient.value) }
    /// The value of `id`, or nil when there is none.
    public var id: String? { text(identifier) }
    /// The value of `type`, or nil when there is none.
    public var type: String? { text(typeValue) }
    /// The value of `xml:lang`, or nil when there is none.
    public var language: String? { text(languageValue) }

    /// Whether `type` is `error`, to which no error is ever the answer (RFC 6120 §8.3.1).
    public var isError: Bool { hasType("error") }

    /// Whether `type` has this value.
    public func hasType(_ value: StaticString) -> Bool {
        guard !typeValue.isAbsent, typeValue.count == value.utf8CodeUnitCount else { return false }
        return storage[typeValue.range].elementsEqual(
            UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Whether `from` is a valid address in this domain. Costs a comparison of bytes where the spelling is canonical.
    public func isFrom(_ domain: DomainName) -> Bool { matches(sender.domain, domain) }

    /// Whether `to` is a valid address in this domain. Costs a comparison of bytes where the spelling is canonical.
    public func isTo(_ domain: DomainName) -> Bool { matches(recipient.domain, domain) }

    /// The domain of `from`, or nil when there is none or it is no valid address (RT-01).
    public var senderDomain: DomainName? { domain(sender.domain) }

    /// The domain of `to`, or nil when there is none or it is no valid address (RT-01).
    public var recipientDomain: DomainName? { domain(recipient.domain) }

    /// The octets of the domain as `to` spells it, or nil when there is none or it is no valid address: what groups a
    /// batch by recipient without making a ``DomainName`` for each stanza.
    public var recipientDomainSpelling: ArraySlice<UInt8>? {
        recipient.domain.isAbsent ? nil : storage[recipient.domain.range]
    }

    /// Whether two stanzas name the same domains with the same spelling; the cheap test of a run of stanzas.
    public func hasSameDomains(as other: Stanza) -> Bool {
        guard !sender.domain.isAbsent, !recipient.domain.isAbsent, !other.sender.domain.isAbsent,
            !other.recipient.domain.isAbsent
        else { return false }
        return storage[sender.domain.range] == other.storage[other.sender.domain.range]
            && storage[recipient.domain.range] == other.storage[other.recipient.domain.range]
    }

    private func matches(_ slot: Slot, _ name: DomainName) -> Bool {
        guard !slot.isAbsent else { return false }
        let isSame = storage.withUnsafeBytes { bytes in
            name.hasSameSpelling(as: UnsafeRawBufferPointer(rebasing: bytes[slot.range]))
        }
        return isSame || domain(slot) == name
    }

    private func domain(_ slot: Slot) -> DomainName? {
        guard !slot.isAbsent else { return nil }
        return try? DomainName(utf8: storage[slot.range])
    }

    private func text(_ slot: Slot) -> String? {
        guard !slot.isAbsent else { return nil }
        return String(decoding: storage[slot.range], as: UTF8.self)
    }

    /// Stanzas are equal when their serialised elements are.
    public static func == (left: Stanza, right: Stanza) -> Bool {
        left.kind == right.kind && left.storage[0..<left.xmlCount] == right.storage[0..<right.xmlCount]
    }

    /// Hashes the serialised element.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage[0..<xmlCount])
    }
}
