extension Stanza {
    /// Makes a stanza from texts, where it is made and not carried: bounces, answers of our own, tests.
    ///
    /// - Parameters:
    ///   - content: Serialised children, well-formed on their own in the content namespace.
    ///   - language: `xml:lang`.
    public init(
        _ kind: Kind, from: String?, to: String?, id: String? = nil, type: String? = nil, language: String? = nil,
        content: [UInt8] = []
    ) {
        var xml: [UInt8] = []
        xml.reserveCapacity(160 + content.count)
        xml.append(UInt8(ascii: "<"))
        xml += kind.elementName.utf8
        for (name, value) in [("from", from), ("to", to), ("id", id), ("type", type), ("xml:lang", language)] {
            guard let value else { continue }
            xml.append(UInt8(ascii: " "))
            xml += name.utf8
            xml += "='".utf8
            XMLText.append(value, to: &xml)
            xml.append(UInt8(ascii: "'"))
        }
        if content.isEmpty {
            xml += "/>".utf8
        } else {
            xml.append(UInt8(ascii: ">"))
            xml += content
            xml += "</".utf8
            xml += kind.elementName.utf8
            xml.append(UInt8(ascii: ">"))
        }
        var values: [UInt8] = []
        func range(of value: String?) -> Range<Int>? {
            guard let value else { return nil }
            let start = values.count
            values += value.utf8
            return start..<values.count
        }
        let ranges = (range(of: from), range(of: to), range(of: id), range(of: type), range(of: language))
        self = xml.withUnsafeBytes { xml in
            values.withUnsafeBytes { values in
                Stanza(
                    kind, xml: xml, values: values, from: ranges.0, to: ranges.1, id: ranges.2, type: ranges.3,
                    language: ranges.4)
            }
        }
    }

    /// Makes a stanza from its serialised bytes and values that are not in one place.
    ///
    /// - Parameters:
    ///   - xml: One whole element with the content namespace implicit, well-formed on its own.
    ///   - from, to, id, type, language: The decoded attribute values; nil when the attribute is absent.
    public init(
        _ kind: Kind, xml: UnsafeRawBufferPointer, from: UnsafeRawBufferPointer?, to: UnsafeRawBufferPointer?,
        id: UnsafeRawBufferPointer? = nil, type: UnsafeRawBufferPointer? = nil,
        language: UnsafeRawBufferPointer? = nil
    ) {
        var values: [UInt8] = []
        func range(of value: UnsafeRawBufferPointer?) -> Range<Int>? {
            guard let value else { return nil }
            let start = values.count
            values.append(contentsOf: value)
            return start..<values.count
        }
        let ranges = (range(of: from), range(of: to), range(of: id), range(of: type), range(of: language))
        self = values.withUnsafeBytes { values in
            Stanza(
                kind, xml: xml, values: values, from: ranges.0, to: ranges.1, id: ranges.2, type: ranges.3,
                language: ranges.4)
        }
    }

    /// The stanza as it goes back to its sender: kind and `id` kept, addresses swapped, `type='error'` (RFC 6120
    /// §8.3.1), without the payload. Nil when no answer is due: to an error, or to the result of an iq (RT-08).
    ///
    /// - Parameter error: The condition and its text. The text goes to the sender; it carries no local detail.
    public func returned(with error: StanzaError) -> Stanza? {
        guard !isError, !(kind == .iq && hasType("result")) else { return nil }
        return Stanza(kind, from: to, to: from, id: id, type: "error", content: error.serialised)
    }
}
