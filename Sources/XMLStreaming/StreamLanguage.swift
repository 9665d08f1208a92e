internal import XMPPModel

/// `xml:lang` of a stream header, ready to be put into a stanza that has none (RFC 6120 §4.7.4).
///
/// It is plain memory because nearly every stanza takes it; whoever owns it frees it.
struct StreamLanguage {
    /// The attribute as it is written, with the space in front.
    let attribute: UnsafeRawBufferPointer
    let value: UnsafeRawBufferPointer

    /// Longer than any language tag has to be (RFC 5646 §4.4.1: 35): every stanza carries it on.
    private static let limit = 64

    /// Nil for what is too long to be a language tag.
    init?(_ language: String) {
        guard language.utf8.count <= Self.limit else { return nil }
        value = Self.copy(Array(language.utf8))
        var bytes: [UInt8] = Array(" xml:lang='".utf8)
        XMLText.append(language, to: &bytes)
        bytes.append(UInt8(ascii: "'"))
        attribute = Self.copy(bytes)
    }

    func free() {
        attribute.deallocate()
        value.deallocate()
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(copy)
    }
}
