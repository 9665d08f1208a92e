import DNSMessages
import Dispatch
import EventLoops
import Glibc
import Synchronization

/// A name server in datagrams on 127.0.0.1 that does what a test tells it, and keeps what it received.
final class ScriptedDatagrams: Sendable {
    let address: SocketAddress
    private let descriptor: Int32
    // Dispatch sources may be cancelled from any thread, which is all that is done with it.
    nonisolated(unsafe) private let source: any DispatchSourceRead
    private let received: Mutex<[DNSQuery]>

    /// - Parameter script: Gets how many queries came before, and the query; what it returns is sent.
    init(_ script: @escaping @Sendable (_ number: Int, _ query: DNSQuery) -> [DNSResponse]) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        self.descriptor = descriptor
        address = .loopbackIPv4(port: UInt16(bigEndian: own.sin_port))
        received = Mutex([])
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "datagrams"))
        source.setEventHandler { [weak self] in self?.receive(script) }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { source.cancel() }

    var queries: [DNSQuery] { received.withLock { $0 } }

    private func receive(_ script: (Int, DNSQuery) -> [DNSResponse]) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var asker = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &asker) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard count > 0, let query = try? DNSQuery(decoding: Array(buffer[..<count])) else { return }
        let number = received.withLock { queries in
            queries.append(query)
            return queries.count - 1
        }
        for response in script(number, query) {
            guard let octets = try? response.encode() else { continue }
            _ = withUnsafePointer(to: &asker) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, octets, octets.count, 0, $0, length)
                }
            }
        }
    }
}
