internal import TransportSecurity

/// Base64 as POSH documents have it.
enum POSHBase64 {
    /// The octets of base64 (RFC 4648 §4), padded or not: the example of RFC 7711 §3.1 forgets it once (PO-05).
    static func decode(_ text: String) -> [UInt8]? {
        let missing = text.utf8.last == UInt8(ascii: "=") ? 0 : (4 - text.utf8.count % 4) % 4
        guard missing < 3, !text.isEmpty else { return nil }
        return Base64.decode(text + String(repeating: "=", count: missing))
    }

    /// The octets of base64url without padding (RFC 7515 §2).
    static func decodeURLSafe(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        let standard = text.utf8.map { octet in
            switch octet {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: octet
            }
        }
        return decode(String(decoding: standard, as: UTF8.self))
    }
}
