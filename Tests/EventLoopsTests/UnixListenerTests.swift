import Glibc
import Testing

@testable import EventLoops

@Suite("A unix listener")
struct UnixListenerTests {
    private let path = "/tmp/ligase-loops-\(getpid())-\(UInt32.random(in: 0 ... .max)).socket"

    private func mode() -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test func `a connection by path is served, and the file has its mode and goes with the listener`() throws {
        let loop = try EventLoop(name: "unix")
        let recorder = RecordingDelegate()
        var listener: TCPListener?
        try loop.run {
            let socket = try ListeningSocket.bind(toUnixSocket: path)
            listener = try TCPListener(socket, on: loop) { socket in
                let connection = try? socket.adopt(on: loop)
                connection?.delegate = recorder
                connection?.write(Array("welcome".utf8))
            }
        }
        #expect(mode() == 0o660)
        let address = try #require(UnixSocketPath(path))
        let peer = try RawPeer(connectedTo: address)
        peer.send("status")
        #expect(peer.receive() == Array("welcome".utf8))
        #expect(loop.turns { !recorder.bytes.isEmpty })
        #expect(loop.run { recorder.text } == "status")
        loop.run { listener?.stop() }
        #expect(mode() == nil)
        loop.stop()
    }

    @Test func `a file whose process is gone is replaced, a living one or another kind of file is not`() throws {
        let descriptor = try SocketDescriptor.make(family: AF_UNIX, kind: .stream)
        let address = try #require(UnixSocketPath(path))
        _ = address.withSystemAddress { bind(descriptor.number, $0, $1) }
        descriptor.close()
        let living = try ListeningSocket.bind(toUnixSocket: path, mode: 0o600)
        #expect(mode() == 0o600)
        #expect(throws: ListenFailure(place: path, error: SystemError(call: "bind", code: EADDRINUSE))) {
            try ListeningSocket.bind(toUnixSocket: path)
        }
        living.close()
        #expect(mode() == nil)
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(throws: ListenFailure(place: path, error: SystemError(call: "bind", code: EEXIST))) {
            try ListeningSocket.bind(toUnixSocket: path)
        }
        #expect(mode() == 0o600)
        unlink(path)
    }

    @Test(arguments: ["", String(repeating: "x", count: 108), "a\0b"])
    func `a path that does not fit is refused`(path: String) {
        #expect(throws: ListenFailure.self) { try ListeningSocket.bind(toUnixSocket: path) }
    }
}
