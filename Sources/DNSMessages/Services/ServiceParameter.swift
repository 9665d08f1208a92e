/// One parameter of a service binding (RFC 9460 §2.1).
public struct ServiceParameter: Hashable, Sendable {
    /// What the parameter is about.
    public struct Key: RawRepresentable, Hashable, Comparable, Sendable {
        /// The number in the IANA registry.
        public let rawValue: UInt16

        /// A key by its number.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// The keys that a client has to know (RFC 9460 §8).
        public static let mandatory = Key(rawValue: 0)
        /// The application protocols, `alpn` (RFC 9460 §7.1).
        public static let applicationProtocols = Key(rawValue: 1)
        /// `no-default-alpn` (RFC 9460 §7.1).
        public static let noDefaultProtocol = Key(rawValue: 2)
        /// The port (RFC 9460 §7.2).
        public static let port = Key(rawValue: 3)
        /// `ipv4hint` (RFC 9460 §7.3).
        public static let addressHints4 = Key(rawValue: 4)
        /// `ipv6hint` (RFC 9460 §7.3).
        public static let addressHints6 = Key(rawValue: 6)
        /// `dohpath` (RFC 9461 §5).
        public static let httpsPath = Key(rawValue: 7)

        /// In the order of the numbers.
        public static func < (left: Key, right: Key) -> Bool { left.rawValue < right.rawValue }
    }

    /// What it is about.
    public let key: Key
    /// Its value in the form of the key.
    public let value: [UInt8]

    /// Makes a parameter; whether the value has the form of its key, ``ServiceBinding`` checks.
    public init(_ key: Key, _ value: [UInt8]) {
        (self.key, self.value) = (key, value)
    }

    /// The parameter `alpn`.
    public static func applicationProtocols(_ identifiers: [String]) -> ServiceParameter {
        let value = identifiers.flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
        return ServiceParameter(.applicationProtocols, value)
    }

    /// The parameter `port`.
    public static func port(_ port: UInt16) -> ServiceParameter {
        ServiceParameter(.port, [UInt8(port >> 8), UInt8(port & 0xFF)])
    }

    /// The parameter `dohpath`.
    public static func httpsPath(_ template: String) -> ServiceParameter {
        ServiceParameter(.httpsPath, Array(template.utf8))
    }

    /// The parameter `mandatory`.
    public static func mandatory(_ keys: [Key]) -> ServiceParameter {
        ServiceParameter(.mandatory, keys.sorted().flatMap { [UInt8($0.rawValue >> 8), UInt8($0.rawValue & 0xFF)] })
    }

    /// The parameters `ipv4hint` and `ipv6hint`; addresses of the other family are left out.
    public static func addressHints(_ family: IPAddress.Family, _ addresses: [IPAddress]) -> ServiceParameter {
        ServiceParameter(
            family == .v4 ? .addressHints4 : .addressHints6,
            addresses.filter { $0.family == family }.flatMap(\.octets))
    }

    /// Key, length and value on the wire.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.appendBigEndian(key.rawValue)
        octets.appendBigEndian(UInt16(truncatingIfNeeded: value.count))
        return octets + value
    }

    /// Reads parameters to the end of the data.
    ///
    /// - Returns: nil when one is cut short, out of order, or without the form of its key.
    static func read(_ octets: ArraySlice<UInt8>) -> [ServiceParameter]? {
        var parameters: [ServiceParameter] = []
        var rest = octets
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let header = Array(rest.prefix(4))
            let count = Int(header.bigEndian(at: 2) as UInt16)
            rest = rest.dropFirst(4)
            let parameter = ServiceParameter(Key(rawValue: header.bigEndian(at: 0)), Array(rest.prefix(count)))
            guard parameter.value.count == count, parameters.last.map({ $0.key < parameter.key }) ?? true,
                parameter.isWellFormed
            else { return nil }
            parameters.append(parameter)
            rest = rest.dropFirst(count)
        }
        return parameters
    }

    /// Whether the value has the form of its key; the values of unknown keys have none.
    var isWellFormed: Bool {
        guard value.count <= UInt16.max else { return false }
        switch key {
        case .mandatory:
            let keys = Self.numbers(value)
            // A key that lists itself, or twice, or not in order (RFC 9460 §8).
            return value.count.isMultiple(of: 2) && !keys.isEmpty && keys[0] != Key.mandatory.rawValue
                && zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }
        case .applicationProtocols: return Self.texts(value).map { !$0.isEmpty && !$0.contains([]) } ?? false
        case .noDefaultProtocol: return value.isEmpty
        case .port: return value.count == 2
        case .addressHints4: return !value.isEmpty && value.count.isMultiple(of: 4)
        case .addressHints6: return !value.isEmpty && value.count.isMultiple(of: 16)
        case .httpsPath: return String(validating: value, as: UTF8.self) != nil
        default: return true
        }
    }

    /// Numbers of two octets each.
    static func numbers(_ value: [UInt8]) -> [UInt16] {
        stride(from: 0, to: value.count - 1, by: 2).map { value.bigEndian(at: $0) }
    }

    /// Texts with an octet of length each; nil when the last is cut short.
    static func texts(_ value: [UInt8]) -> [ArraySlice<UInt8>]? {
        var texts: [ArraySlice<UInt8>] = []
        var position = 0
        while position < value.count {
            let end = position + 1 + Int(value[position])
            guard end <= value.count else { return nil }
            texts.append(value[(position + 1)..<end])
            position = end
        }
        return texts
    }
}
