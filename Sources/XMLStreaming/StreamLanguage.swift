internal import XMPPModel

/// `xml:lang` of a stream header, ready to be put into a stanza that has none (RFC 6120 §4.7.4).
struct StreamLanguage {
    let value: [UInt8]
    /// The attribute as it is written, with the space in front.
    let attribute: [UInt8]

    init(_ language: String) {
        value = Array(language.utf8)
        var bytes: [UInt8] = Array(" xml:lang='".utf8)
        XMLText.append(language, to: &bytes)
        bytes.append(UInt8(ascii: "'"))
        attribute = bytes
    }
}
