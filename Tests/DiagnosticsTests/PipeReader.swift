import Dispatch
import Glibc
import Synchronization

/// Reads a pipe to its end on a thread of its own.
final class PipeReader: Sendable {
    private let descriptor: Int32
    private let content = Mutex<[UInt8]>([])
    private let queue = DispatchQueue(label: "pipe reader")

    init(descriptor: Int32) { self.descriptor = descriptor }

    func start() {
        queue.async { self.readAll() }
    }

    func wait() -> String {
        queue.sync {}
        return content.withLock { String(decoding: $0, as: UTF8.self) }
    }

    private func readAll() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            content.withLock { $0 += buffer[..<count] }
        }
        close(descriptor)
    }
}
