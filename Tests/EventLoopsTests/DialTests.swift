import Glibc
import Testing

@testable import EventLoops

@Suite("A dial")
struct DialTests {
    private typealias Outcome = Result<TCPConnection, ConnectionFailure>

    private func dial(
        _ begin: (EventLoop, @escaping PendingDial.Completion) -> PendingDial
    ) throws -> ConnectionFailure? {
        let loop = try EventLoop(name: "dial")
        defer { loop.stop() }
        var outcomes: [Outcome] = []
        loop.run {
            let dial = begin(loop) { outcomes.append($0) }
            #expect(outcomes.isEmpty && dial.isPending)
        }
        #expect(loop.turns { !outcomes.isEmpty })
        let failure: ConnectionFailure? = loop.run {
            if case .failure(let failure) = outcomes[0] { failure } else { nil }
        }
        #expect(loop.run { loop.watchedDescriptors } == (failure == nil ? 1 : 0))
        #expect(outcomes.count == 1)
        return failure
    }

    @Test(arguments: [SocketAddress.loopbackIPv4(port: 0), .loopbackIPv6(port: 0)])
    func `a listener is reached, and bytes flow`(address: SocketAddress) throws {
        let listening = try ListeningSocket.bind(to: address)
        let target = try #require(listening.localAddress)
        let loop = try EventLoop(name: "dial")
        let recorder = RecordingDelegate()
        loop.run {
            _ = TCPConnection.dial(to: target, on: loop, deadline: .seconds(5)) { result in
                guard case .success(let connection) = result else { return }
                connection.delegate = recorder
                connection.write(Array("hello".utf8))
                #expect(connection.peerAddress == target && connection.localAddress?.isLoopback == true)
            }
        }
        var descriptor: Int32 = -1
        while descriptor < 0 { descriptor = accept(listening.descriptor.number, nil, nil) }
        let peer = RawPeer(descriptor)
        #expect(peer.receive() == Array("hello".utf8))
        peer.send("welcome")
        peer.close()
        #expect(loop.turns { recorder.events.last == .reachedEnd })
        #expect(loop.run { recorder.text } == "welcome")
        loop.stop()
    }

    @Test func `nobody there is refused`() throws {
        let listening = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let target = try #require(listening.localAddress)
        listening.close()
        let failure = try dial { TCPConnection.dial(to: target, on: $0, deadline: .seconds(5), completion: $1) }
        #expect(failure == .refused)
    }

    @Test func `a peer that does not answer is given up at the deadline`() throws {
        // Once its queue is full the kernel drops what knocks, as a firewall would.
        let listening = try ListeningSocket.bind(to: .loopbackIPv4(port: 0), backlog: 0)
        let target = try #require(listening.localAddress)
        let loop = try EventLoop(name: "queue")
        loop.run {
            for _ in 0..<4 { _ = TCPConnection.dial(to: target, on: loop, deadline: .seconds(60)) { _ in } }
        }
        let start = LoopTime.current
        let failure = try dial { TCPConnection.dial(to: target, on: $0, deadline: .milliseconds(60), completion: $1) }
        #expect(failure == .timedOut)
        #expect(.current - start >= .milliseconds(60))
        loop.stop()
    }

    @Test func `a unix socket is reached by its path, or the reason is told`() throws {
        let path = "/tmp/ligase-dial-\(getpid()).socket"
        let missing = try dial {
            TCPConnection.dial(toUnixSocket: path, on: $0, deadline: .seconds(5), completion: $1)
        }
        #expect(missing == .system(SystemError(call: "connect", code: ENOENT)))
        let listening = try ListeningSocket.bind(toUnixSocket: path)
        let found = try dial {
            TCPConnection.dial(toUnixSocket: path, on: $0, deadline: .seconds(5), completion: $1)
        }
        #expect(found == nil)
        listening.close()
    }

    @Test func `a cancelled dial is silent and leaves nothing behind`() throws {
        let listening = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let target = try #require(listening.localAddress)
        let loop = try EventLoop(name: "dial")
        var outcomes = 0
        loop.run {
            let dial = TCPConnection.dial(to: target, on: loop, deadline: .seconds(5)) { _ in outcomes += 1 }
            dial.cancel()
            dial.cancel()
            #expect(!dial.isPending)
        }
        for _ in 0..<20 { loop.run {} }
        #expect(loop.run { loop.watchedDescriptors == 0 && outcomes == 0 })
        loop.stop()
    }
}
