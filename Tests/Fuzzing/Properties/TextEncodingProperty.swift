internal import TransportSecurity

/// Base64 and hexadecimal digits: a text is refused, or is the only one for its octets; octets come back whole.
enum TextEncodingProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        try require(Base64.decode(Base64.encode(input)) == input, "octets do not survive Base64")
        try require(Hexadecimal.decode(Hexadecimal.encode(input)) == input, "octets do not survive hexadecimal digits")
        _ = Base64.encodeURLSafe(input)
        if let octets = Base64.decode(input) {
            try require(Array(Base64.encode(octets).utf8) == input, "a second text for \(octets)")
        }
        let text = String(decoding: input, as: UTF8.self)
        if let octets = Hexadecimal.decode(text) {
            try require(Hexadecimal.encode(octets) == text.lowercased(), "a second text for \(octets)")
        }
    }
}
