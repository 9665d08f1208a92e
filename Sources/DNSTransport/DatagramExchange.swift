internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// A query and its response in datagrams.
///
/// The socket is fresh, so that its port is one more thing to guess, and connected, so that the kernel drops what comes
/// from elsewhere. Whatever else does not match is ignored until the timeout: a forger must not end the wait (DN-16).
final class DatagramExchange: Exchange {
    private let query: DNSQuery
    private let server: SocketAddress
    private let loop: EventLoop
    private var completion: Completion?
    private var socket: DatagramSocket?

    init(_ query: DNSQuery, to server: SocketAddress, on loop: EventLoop, completion: @escaping Completion) {
        self.query = query
        self.server = server
        self.loop = loop
        self.completion = completion
    }

    func start() {
        do throws(DNSMessageFailure) {
            let octets = try query.encode()
            do throws(ConnectionFailure) {
                let socket = try DatagramSocket(
                    connectedTo: server, on: loop,
                    received: { [weak self] in self?.received($0) },
                    failed: { [weak self] in self?.finish(.failure(.unreachable("\($0)"))) })
                self.socket = socket
                try socket.send(octets)
            } catch {
                finishLater(.failure(.unreachable("\(error)")))
            }
        } catch {
            finishLater(.failure(.malformed(error)))
        }
    }

    func cancel() {
        completion = nil
        socket?.close()
        socket = nil
    }

    private func received(_ datagram: UnsafeRawBufferPointer) {
        guard let response = try? DNSResponse(decoding: Array(datagram)), query.isAnswered(by: response) else { return }
        finish(.success(response))
    }

    private func finish(_ outcome: ExchangeOutcome) {
        let completion = completion
        cancel()
        completion?(outcome)
    }

    private func finishLater(_ outcome: ExchangeOutcome) {
        loop.afterTurn { [weak self] in self?.finish(outcome) }
    }
}
