import Glibc

@testable import EventLoops

enum Transport: CaseIterable {
    case ipv4
    case ipv6
    case unix

    static let tcp: [Transport] = [.ipv4, .ipv6]

    /// Two joined sockets: one for a loop to adopt, one for the test to play the peer.
    func makePair() throws -> (ours: AcceptedSocket, peer: RawPeer) {
        if self == .unix {
            var numbers: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &numbers) == 0 else {
                throw SystemError.latest("socketpair")
            }
            return (accepted(numbers[0]), RawPeer(numbers[1]))
        }
        let any: SocketAddress = self == .ipv4 ? .loopbackIPv4(port: 0) : .loopbackIPv6(port: 0)
        let listening = try ListeningSocket.bind(to: any)
        guard let address = listening.localAddress else { throw SystemError(call: "getsockname", code: EINVAL) }
        let peer = try RawPeer(connectedTo: address)
        return (accepted(accept(listening.descriptor.number, nil, nil)), peer)
    }

    private func accepted(_ number: Int32) -> AcceptedSocket {
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        let descriptor = SocketDescriptor(number: number)
        return AcceptedSocket(
            descriptor, peerAddress: descriptor.peerAddress, localAddress: descriptor.localAddress)
    }
}
