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
        self = Self.lend(xml, from, to, id, type, language) { xml, values in
            Stanza(
                kind, xml: xml, from: values[0], to: values[1], id: values[2], type: values[3], language: values[4])
        }
    }

    /// Lends the element and the five values at once.
    private static func lend(
        _ xml: [UInt8], _ values: String?..., body: (UnsafeRawBufferPointer, [UnsafeRawBufferPointer?]) -> Stanza
    ) -> Stanza {
        var flat: [UInt8] = []
        let ranges: [Range<Int>?] = values.map { value in
            guard let value else { return nil }
            let start = flat.count
            flat += value.utf8
            return start..<flat.count
        }
        return xml.withUnsafeBytes { element in
            flat.withUnsafeBytes { bytes in
                body(element, ranges.map { range in range.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) } })
            }
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
