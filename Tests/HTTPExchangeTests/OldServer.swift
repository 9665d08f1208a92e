import EventLoops
import Synchronization

/// A server that answers each ClientHello with a ServerHello of an old version, and counts the connections.
final class OldServer: Sendable {
    let address: SocketAddress
    private let loop: EventLoop
    private let count = Mutex(0)

    init(version: UInt16) throws {
        let socket = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
        let loop = try EventLoop(name: "old server")
        address = socket.localAddress ?? .loopbackIPv4(port: 0)
        self.loop = loop
        try loop.run { () throws(ListenFailure) in
            _ = try TCPListener(socket, on: loop) { [weak self] accepted in
                guard let connection = try? accepted.adopt(on: loop) else { return }
                self?.count.withLock { $0 += 1 }
                Answering.serve(connection, Self.hello(version))
            }
        }
    }

    deinit { loop.stop() }

    var connections: Int { count.withLock { $0 } }

    /// A record with a ServerHello that chooses TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA.
    private static func hello(_ version: UInt16) -> [UInt8] {
        let number = [UInt8(version >> 8), UInt8(version & 0xFF)]
        let body = number + [UInt8](repeating: 7, count: 32) + [0, 0xC0, 0x13, 0]
        let message = [2, 0, 0, UInt8(body.count)] + body
        return [22] + number + [0, UInt8(message.count)] + message
    }

    private final class Answering: TCPConnectionDelegate {
        private let hello: [UInt8]
        /// Itself, while the connection is open: the connection holds its delegate weakly.
        private var keeper: Answering?

        static func serve(_ connection: TCPConnection, _ hello: [UInt8]) {
            let service = Answering(hello)
            service.keeper = service
            connection.delegate = service
        }

        private init(_ hello: [UInt8]) { self.hello = hello }

        func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
            // A handshake record (22) is answered, an alert is not.
            if bytes.first == 22 { connection.write(hello) }
        }

        func connectionReachedEnd(_ connection: TCPConnection) {
            connection.close()
            keeper = nil
        }

        func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { keeper = nil }
    }
}
