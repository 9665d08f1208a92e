internal import EventLoops
internal import Glibc

/// A UDP socket on 127.0.0.1 that answers whoever asks; `EventLoops` has sockets for clients only.
final class LoopbackDatagrams {
    private let descriptor: Int32
    let port: UInt16

    init(port: UInt16) throws(SystemError) {
        let flags = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_INET, flags, 0)
        guard number >= 0 else { throw SystemError(call: "socket", code: errno) }
        var address = Self.loopback(port: port)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0 else {
            let code = errno
            close(number)
            throw SystemError(call: "bind", code: code)
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        descriptor = number
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Serves until the loop stops, which keeps the socket until then.
    func serve(on loop: EventLoop, treat: @escaping EmbeddedNameServer.Treating) throws(SystemError) {
        _ = try DescriptorWatch(descriptor, for: .reading, on: loop) { _ in
            self.receive(on: loop, treat: treat)
        }
    }

    private func receive(on loop: EventLoop, treat: EmbeddedNameServer.Treating) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var asker = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &asker) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count >= 0 else { return }
            guard let treatment = treat(Array(buffer[..<count]), .udp), let octets = treatment.octets(over: .udp) else {
                continue
            }
            let isFromElsewhere = treatment.fault == .wrongSource
            if let delay = treatment.delay {
                loop.scheduleSoon(after: delay) { self.send(octets, to: asker, fromElsewhere: isFromElsewhere) }
            } else {
                send(octets, to: asker, fromElsewhere: isFromElsewhere)
            }
        }
    }

    private func send(_ octets: [UInt8], to asker: sockaddr_in, fromElsewhere: Bool) {
        let other = fromElsewhere ? try? LoopbackDatagrams(port: 0) : nil
        var asker = asker
        _ = withUnsafePointer(to: &asker) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    other?.descriptor ?? descriptor, octets, octets.count, 0, $0,
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
