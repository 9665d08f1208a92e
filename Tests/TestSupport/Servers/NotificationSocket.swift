internal import Glibc

/// The service manager's end of `sd_notify`.
final class NotificationSocket {
    /// The value for `NOTIFY_SOCKET`.
    let path: String
    private let descriptor: Descriptor

    init(in directory: TemporaryDirectory) throws(HarnessFailure) {
        path = directory.path(of: "notify")
        // Another start in the same directory may have left it.
        unlink(path)
        descriptor = Descriptor(socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        _ = fcntl(descriptor.number, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor.number, F_SETFL, O_NONBLOCK)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw .systemCall("bind \(path)", code: errno) }
    }

    /// The next message, if one has come.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor.number, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
