internal import CLinux
internal import Glibc

/// A system call that failed: which one, and the kernel's reason.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, such as `bind`.
    public let call: String
    /// The value of `errno`.
    public let code: Int32

    /// A failure of `call` with the value of `errno`.
    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The failure of a call that has just set `errno`.
    static func latest(_ call: String) -> SystemError {
        SystemError(call: call, code: errno)
    }

    /// The reason in words, as `bind: Address already in use`.
    public var description: String {
        var text = [CChar](repeating: 0, count: 128)
        linux_error_text(code, &text, UInt(text.count))
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(call): \(String(decoding: bytes, as: UTF8.self))"
    }
}
