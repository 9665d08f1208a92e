import Glibc
import Testing

@testable import EventLoops

@Suite("A datagram socket")
struct DatagramSocketTests {
    private func boundPeer(_ address: SocketAddress) throws -> (peer: RawPeer, address: SocketAddress) {
        let number = socket(address.family, Int32(SOCK_DGRAM.rawValue), 0)
        _ = address.withSystemAddress { bind(number, $0, $1) }
        return (RawPeer(number), try #require(SocketDescriptor(number: number).localAddress))
    }

    @Test(arguments: [SocketAddress.loopbackIPv4(port: 0), .loopbackIPv6(port: 0)])
    func `datagrams keep their bounds, and only the peer is heard`(any: SocketAddress) throws {
        let (peer, address) = try boundPeer(any)
        let (stranger, _) = try boundPeer(any)
        let loop = try EventLoop(name: "datagrams")
        var received: [[UInt8]] = []
        var socket: DatagramSocket?
        try loop.run {
            let opened = try DatagramSocket(
                connectedTo: address, on: loop, received: { received.append(Array($0)) },
                failed: { Issue.record("\($0)") })
            try opened.send([1, 2, 3])
            socket = opened
        }
        let ours = try #require(loop.run { socket?.localAddress })
        #expect(peer.receive() == [1, 2, 3])
        for other in [stranger, peer] {
            _ = ours.withSystemAddress { connect(other.number, $0, $1) }
            other.send(other === peer ? [4] : [6, 6, 6])
            other.send(other === peer ? [] : [6])
            other.send(other === peer ? [5, 5] : [6])
        }
        #expect(loop.turns { received.count >= 3 })
        #expect(loop.run { received } == [[4], [], [5, 5]])
        loop.run { socket?.close() }
        peer.send([7])
        loop.run {}
        #expect(loop.run { received.count == 3 && loop.watchedDescriptors == 0 })
        loop.stop()
    }

    @Test func `nobody there is told as refused, and the socket lives on`() throws {
        let (peer, address) = try boundPeer(.loopbackIPv4(port: 0))
        peer.close()
        let loop = try EventLoop(name: "datagrams")
        var failures: [ConnectionFailure] = []
        var socket: DatagramSocket?
        try loop.run {
            socket = try DatagramSocket(
                connectedTo: address, on: loop, received: { _ in }, failed: { failures.append($0) })
            try socket?.send([1])
        }
        #expect(loop.turns { !failures.isEmpty })
        #expect(loop.run { failures } == [.refused])
        try loop.run { try socket?.send([2]) }
        #expect(loop.turns { failures.count == 2 })
        loop.stop()
    }
}
