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
        hasToken && !value.isEmpty && value.utf8.allSatisfy { 0x20...0x7E ~= $0 }
    }

    /// Whether everybody who receives it reads the same out of it: no space before the colon, no line end or zero within
    /// (RFC 9112 §2.2 and §5.1).
    var hasOneMeaning: Bool {
        hasToken && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private var hasToken: Bool {
        !name.isEmpty && name.utf8.allSatisfy { 0x21...0x7E ~= $0 && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }
}
