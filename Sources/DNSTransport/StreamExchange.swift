internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// A query and its response over a TCP connection of their own (RFC 1035 §4.2.2, RFC 7766).
final class StreamExchange: Exchange {
    private let query: DNSQuery
    private let server: SocketAddress
    private let loop: EventLoop
    private var completion: Completion?
    private var dial: PendingDial?
    private var connection: TCPConnection?
    private var received: [UInt8] = []

    /// The timeout of the lookup comes before; this bounds a dial that nobody waits for.
    private static let dialDeadline = Duration.seconds(30)
    private static let lengthOctets = 2

    init(_ query: DNSQuery, to server: SocketAddress, on loop: EventLoop, completion: @escaping Completion) {
        self.query = query
        self.server = server
        self.loop = loop
        self.completion = completion
    }

    func start() {
        dial = TCPConnection.dial(to: server, on: loop, deadline: Self.dialDeadline) { [weak self] outcome in
            self?.dialled(outcome)
        }
    }

    func cancel() {
        completion = nil
        dial?.cancel()
        dial = nil
        connection?.close()
        connection = nil
    }

    private func dialled(_ outcome: Result<TCPConnection, ConnectionFailure>) {
        dial = nil
        switch outcome {
        case .failure(let failure):
            finish(.failure(.unreachable("\(failure)")))
        case .success(let connection):
            self.connection = connection
            connection.delegate = self
            do throws(DNSMessageFailure) {
                let octets = try query.encode()
                connection.write([UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets)
            } catch {
                finish(.failure(.malformed(error)))
            }
        }
    }

    private func finish(_ outcome: ExchangeOutcome) {
        let completion = completion
        cancel()
        completion?(outcome)
    }
}

extension StreamExchange: TCPConnectionDelegate {
    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        received.append(contentsOf: bytes)
        guard received.count >= Self.lengthOctets else { return }
        let end = Self.lengthOctets + (Int(received[0]) << 8 | Int(received[1]))
        guard received.count >= end else { return }
        do throws(DNSMessageFailure) {
            let response = try DNSResponse(decoding: Array(received[Self.lengthOctets..<end]))
            // On a connection of its own nothing else can have been answered.
            finish(query.isAnswered(by: response) ? .success(response) : .failure(.malformed(.badQuestion)))
        } catch {
            finish(.failure(.malformed(error)))
        }
    }

    func connectionReachedEnd(_ connection: TCPConnection) {
        finish(.failure(.unreachable("the name server closed the connection")))
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) {
        finish(.failure(.unreachable("\(failure)")))
    }
}
