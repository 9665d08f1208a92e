/// A header field (RFC 9110 §5).
public struct HTTPField: Hashable, Sendable {
    /// The name, compared without regard to case.
    public let name: String
    /// The value, without white space around it.
    public let value: String

    /// Makes a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it can be sent: nothing in it ends the field or begins another.
    var isSendable: Bool {
        let isToken = { (octet: UInt8) in 0x21...0x7E ~= octet && !"\"(),/:;<=>?@[\\]{}".utf8.contains(octet) }
        return !name.isEmpty && name.utf8.allSatisfy(isToken) && !value.isEmpty
            && value.utf8.allSatisfy { 0x20...0x7E ~= $0 }
    }
}
