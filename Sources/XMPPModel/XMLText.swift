/// Character data as it is written: the five predefined entities and nothing else (RFC 6120 §11.1).
public enum XMLText {
    /// Appends `text` escaped for element content and for attribute values in either kind of quotes.
    public static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &output) }
    }

    /// Appends UTF-8 bytes escaped for element content and for attribute values in either kind of quotes.
    public static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "'"): output += "&apos;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            // In an attribute a parser turns these into spaces unless they are references.
            case 0x09: output += "&#9;".utf8
            case 0x0A: output += "&#10;".utf8
            case 0x0D: output += "&#13;".utf8
            default: output.append(byte)
            }
        }
    }
}
