import DNSMessages

/// A name known to be one.
func name(_ text: String) throws -> DNSName { try DNSName(text) }

/// Octets from hexadecimal digits.
func octets(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8.filter { $0 > 0x20 })
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
}
