internal import Glibc

/// A unix datagram address of `NOTIFY_SOCKET`: a path, or a name in the abstract namespace after `@`.
struct NotificationAddress: Sendable {
    private let text: String
    private let bytes: [UInt8]

    /// Nil when `text` is neither, or too long.
    init?(_ text: String) {
        guard text.hasPrefix("/") || text.hasPrefix("@"), text.utf8.count > 1 else { return nil }
        var bytes = Array(text.utf8)
        // The kernel tells an abstract name by its first byte; a path needs its final zero.
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        guard bytes.count <= MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        self.text = text
        self.bytes = bytes
    }

    func send(_ message: [UInt8]) throws(NotificationFailure) {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw failure("socket") }
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                sendto(socket, message, message.count, flags, generic, size)
            }
        }
        guard sent == message.count else { throw failure("sendto") }
    }

    private func failure(_ call: String) -> NotificationFailure {
        NotificationFailure(socket: text, call: call, code: errno)
    }
}
