import Glibc
import Testing

@testable import EventLoops

@Suite("A listener")
struct ListenerTests {
    private final class Fixture {
        let loop: EventLoop
        var listener: TCPListener?
        var sockets: [AcceptedSocket] = []
        let address: SocketAddress

        init(
            _ socket: ListeningSocket, filter: @escaping TCPListener.Filter = { _ in true },
            failures: [Int32] = []
        ) throws {
            let loop = try EventLoop(name: "listener")
            self.loop = loop
            address = socket.localAddress ?? .loopbackIPv4(port: 0)
            var failures = failures
            try loop.run {
                listener = try TCPListener(
                    socket, on: loop, filter: filter,
                    accepted: { [unowned self] in sockets.append($0) },
                    accept: { number, address, length in
                        if let failure = failures.first {
                            failures.removeFirst()
                            return -failure
                        }
                        let accepted = accept(number, address, length)
                        return accepted >= 0 ? accepted : -errno
                    })
            }
        }

        deinit {
            loop.stop()
        }

        func turns(until condition: () -> Bool) -> Bool {
            loop.turns(until: condition)
        }
    }

    @Test(arguments: [SocketAddress.loopbackIPv4(port: 0), .loopbackIPv6(port: 0)])
    func `an accepted socket knows both addresses and may live on another loop`(address: SocketAddress) throws {
        let fixture = try Fixture(ListeningSocket.bind(to: address))
        #expect(fixture.address.port != 0)
        let peer = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { fixture.sockets.count == 1 })
        let socket = try #require(fixture.loop.run { fixture.sockets.popLast() })
        #expect(socket.localAddress == fixture.address)
        #expect(socket.peerAddress == SocketDescriptor(number: peer.number).localAddress)
        let other = try EventLoop(name: "other")
        let recorder = RecordingDelegate()
        peer.send("hello")
        try other.run {
            let connection = try socket.adopt(on: other)
            connection.delegate = recorder
            connection.write([1])
        }
        #expect(other.turns { recorder.text == "hello" })
        #expect(peer.receive() == [1])
        #expect(throws: ConnectionFailure.self) { try other.run { _ = try socket.adopt(on: other) } }
        other.stop()
    }

    @Test func `the unspecified IPv6 address takes IPv4 too, and a socket that nobody adopts is closed`() throws {
        let any = try SocketAddress("[::]:0")
        let fixture = try Fixture(ListeningSocket.bind(to: any))
        let peer = try RawPeer(connectedTo: .loopbackIPv4(port: fixture.address.port))
        #expect(fixture.turns { fixture.sockets.count == 1 })
        #expect(fixture.loop.run { fixture.sockets[0].peerAddress?.host } == "127.0.0.1")
        // Nobody adopts it.
        fixture.loop.run { fixture.sockets = [] }
        #expect(peer.receive() == [])
    }

    @Test func `the filter refuses before anything is made`() throws {
        var asked: [SocketAddress?] = []
        let fixture = try Fixture(
            ListeningSocket.bind(to: .loopbackIPv4(port: 0)),
            filter: {
                asked.append($0)
                return false
            })
        let peer = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { asked.count == 1 })
        #expect(peer.receive() == nil && errno == ECONNRESET)
        #expect(fixture.loop.run { fixture.listener?.refusedConnections } == 1)
        #expect(fixture.loop.run { fixture.sockets.isEmpty })
    }

    @Test(arguments: [ECONNABORTED, EINTR, EPROTO, ENETDOWN])
    func `a connection that failed before it was accepted does not stop the next`(code: Int32) throws {
        let fixture = try Fixture(ListeningSocket.bind(to: .loopbackIPv4(port: 0)), failures: [code, code])
        let peer = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { fixture.sockets.count == 1 })
        _ = peer
    }

    @Test(arguments: [EMFILE, ENFILE])
    func `without descriptors the waiting connection is shed and the next is served`(code: Int32) throws {
        let fixture = try Fixture(ListeningSocket.bind(to: .loopbackIPv4(port: 0)), failures: [code])
        var reports: [SystemError] = []
        fixture.loop.run { fixture.listener?.exhausted = { reports.append($0) } }
        let shed = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { fixture.listener?.shedConnections == 1 })
        #expect(shed.receive() == nil && errno == ECONNRESET)
        let served = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { fixture.sockets.count == 1 })
        #expect(reports == [SystemError(call: "accept4", code: code)])
        _ = served
    }

    @Test(arguments: [[EMFILE, EMFILE], [ENOMEM], [ENOBUFS]])
    func `when nothing can be shed the listener pauses, does not spin, and comes back`(failures: [Int32]) throws {
        let fixture = try Fixture(ListeningSocket.bind(to: .loopbackIPv4(port: 0)), failures: failures)
        let peer = try RawPeer(connectedTo: fixture.address)
        let start = LoopTime.current
        fixture.loop.run {}
        let before = fixture.loop.run { fixture.loop.confined.turns }
        for _ in 0..<100 { fixture.loop.run {} }
        #expect(fixture.loop.run { fixture.loop.confined.turns } - before <= 105)
        #expect(fixture.turns { fixture.sockets.count == 1 })
        #expect(.current - start >= .milliseconds(200))
        _ = peer
    }

    @Test func `more connections than one turn takes are all accepted`() throws {
        let fixture = try Fixture(ListeningSocket.bind(to: .loopbackIPv4(port: 0)))
        let peers = try (0..<200).map { _ in try RawPeer(connectedTo: fixture.address) }
        #expect(fixture.turns { fixture.sockets.count == peers.count })
        #expect(fixture.loop.run { fixture.listener?.acceptedConnections } == 200)
    }

    @Test func `a stopped listener frees its address`() throws {
        let fixture = try Fixture(ListeningSocket.bind(to: .loopbackIPv4(port: 0)))
        let failure = #expect(throws: ListenFailure.self) { try ListeningSocket.bind(to: fixture.address) }
        #expect(failure?.description == "\(fixture.address): bind: Address already in use")
        fixture.loop.run { fixture.listener?.stop() }
        let again = try ListeningSocket.bind(to: fixture.address)
        #expect(again.localAddress == fixture.address)
    }

    @Test func `a passed socket is adopted if it listens`() throws {
        let original = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let passed = dup(original.descriptor.number)
        let fixture = try Fixture(ListeningSocket.adopt(descriptor: passed))
        original.close()
        let peer = try RawPeer(connectedTo: fixture.address)
        #expect(fixture.turns { fixture.sockets.count == 1 })
        #expect(throws: ListenFailure.self) { try ListeningSocket.adopt(descriptor: peer.number) }
        #expect(throws: ListenFailure.self) { try ListeningSocket.adopt(descriptor: 9_999) }
    }
}
