internal import Glibc

/// A message to systemd that did not go.
public struct NotificationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The socket, as `NOTIFY_SOCKET` names it.
    public let socket: String
    /// The call that failed.
    public let call: String
    /// Its `errno`.
    public let code: Int32

    /// For the operator.
    public var description: String { "\(call) for NOTIFY_SOCKET \(socket): \(String(cString: strerror(code)))" }
}
