/// The text form of service bindings (RFC 9460 §2.1 and appendix A).
extension ServiceBinding {
    /// Priority, target and parameters.
    var presentation: String {
        (["\(priority)", target.absoluteText] + parameters.map(\.presentation)).joined(separator: " ")
    }
}

extension ServiceParameter.Key: CustomStringConvertible {
    private static let names = [
        "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath",
    ]

    /// The name in the registry, or `key` and the number.
    public var description: String {
        Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "key\(rawValue)"
    }
}

extension ServiceParameter {
    /// Name and value; the values of keys unknown here as a text with escapes.
    var presentation: String {
        switch key {
        case .mandatory:
            return "mandatory=" + Self.numbers(value).map { "\(Key(rawValue: $0))" }.joined(separator: ",")
        case .applicationProtocols:
            let texts = Self.texts(value) ?? []
            guard texts.allSatisfy({ $0.allSatisfy(Self.isPlain) }) else {
                return "alpn=" + OctetText.quoted(Array(texts.map(Self.escapedItem).joined(separator: [Self.comma])))
            }
            return "alpn=" + texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",")
        case .noDefaultProtocol: return "no-default-alpn"
        case .port: return "port=\(value.bigEndian(at: 0) as UInt16)"
        case .addressHints4: return "ipv4hint=" + addresses(octets: 4)
        case .addressHints6: return "ipv6hint=" + addresses(octets: 16)
        case .httpsPath where value.allSatisfy(Self.isPlain): return "dohpath=" + String(decoding: value, as: UTF8.self)
        case .httpsPath: return "dohpath=" + OctetText.quoted(value)
        default:
            let name = "key\(key.rawValue)"
            return value.isEmpty ? name : "\(name)=" + OctetText.quoted(value)
        }
    }

    /// An item of a list, whose commas are escaped before the whole is (RFC 9460 appendix A.1).
    private static func escapedItem(_ item: ArraySlice<UInt8>) -> [UInt8] {
        item.flatMap { $0 == comma || $0 == backslash ? [backslash, $0] : [$0] }
    }

    private static let comma = UInt8(ascii: ",")
    private static let backslash = UInt8(ascii: "\\")

    private func addresses(octets count: Int) -> String {
        stride(from: 0, to: value.count - count + 1, by: count).compactMap { start in
            IPAddress(octets: value[start..<(start + count)]).map { "\($0)" }
        }.joined(separator: ",")
    }

    private static func isPlain(_ octet: UInt8) -> Bool {
        0x21...0x7E ~= octet && !"\"(),;\\".utf8.contains(octet)
    }
}
