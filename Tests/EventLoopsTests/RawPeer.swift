import Glibc

@testable import EventLoops

/// The far end of a connection: a blocking socket of the test's own, so that each step has happened when it returns.
final class RawPeer {
    private(set) var number: Int32

    init(_ number: Int32) {
        self.number = number
        // Each send is a segment, sent at once; a unix socket refuses this and needs it not.
        try? SocketDescriptor(number: number).setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        // A test that waits for what never comes fails instead of hanging.
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close()
    }

    convenience init(connectedTo address: SocketAddress) throws {
        let number = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
        self.init(number)
        let code = SocketDescriptor(number: number).connect(to: address)
        if code != 0 { throw SystemError(call: "connect", code: code) }
    }

    convenience init(connectedTo path: UnixSocketPath) throws {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.init(number)
        let code = path.withSystemAddress { connect(number, $0, $1) == 0 ? 0 : errno }
        if code != 0 { throw SystemError(call: "connect", code: code) }
    }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// As much as the kernel takes now.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    /// What one recv(2) gives; empty at the end, nil with `errno` set for an error.
    func receive(limit: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(number, &buffer, limit, 0)
        return count < 0 ? nil : Array(buffer[..<count])
    }

    /// Everything up to the end; nil for an error or when the end does not come.
    func receiveToEnd() -> [UInt8]? {
        var all: [UInt8] = []
        while true {
            guard let bytes = receive() else { return nil }
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    func receive(exactly count: Int) -> [UInt8]? {
        var all: [UInt8] = []
        while all.count < count {
            guard let bytes = receive(limit: count - all.count), !bytes.isEmpty else { return nil }
            all += bytes
        }
        return all
    }

    func shutdownSending() {
        shutdown(number, Int32(SHUT_WR))
    }

    func reset() {
        SocketDescriptor(number: number).closeWithReset()
        number = -1
    }

    func close() {
        if number >= 0 { Glibc.close(number) }
        number = -1
    }
}
