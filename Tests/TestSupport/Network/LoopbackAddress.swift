internal import Glibc
internal import Synchronization

/// An IPv4 address of the loopback network, of which each server of a test has its own.
///
/// Linux answers on the whole of 127.0.0.0/8, so that servers stand beside each other as on hosts of their own.
public struct LoopbackAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in network byte order, as `sockaddr_in` has it.
    let networkOrder: UInt32
    /// The dotted form.
    public let description: String

    private init(_ second: UInt32, _ third: UInt32, _ fourth: UInt32) {
        networkOrder = (127 << 24 | second << 16 | third << 8 | fourth).bigEndian
        description = "127.\(second).\(third).\(fourth)"
    }

    /// 127.0.0.1, where servers in the test's own process listen.
    public static let first = LoopbackAddress(0, 0, 1)

    private static let given = Atomic<UInt32>(0)

    /// An address that no other server of this process has; another process's addresses are most likely others.
    public static func unused() -> LoopbackAddress {
        let number = given.add(1, ordering: .relaxed).newValue
        let process = UInt32(bitPattern: getpid())
        return LoopbackAddress(64 + process / 256 % 128, process % 256, 1 + number % 254)
    }
}
