internal import Glibc

/// Owns a file descriptor and closes it exactly once.
final class Descriptor: Sendable {
    /// The descriptor, or a negative number where opening it failed.
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit {
        if number >= 0 { close(number) }
    }
}
