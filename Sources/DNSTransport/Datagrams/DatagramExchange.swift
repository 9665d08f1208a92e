internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// A query and its response in datagrams.
///
/// The socket is fresh, so that its port is one more thing to guess, and connected, so that the kernel drops what comes
/// from elsewhere. Whatever else does not match is ignored until the timeout: a forger must not end the wait (DN-16).
final class DatagramExchange {
    private let inquiry: Inquiry
    private let server: SocketAddress
    private let cookies: CookieJar
    private let resources: ChannelResources
    private var completion: ((AttemptOutcome) -> Void)?
    /// Told when there is nothing more to wait for.
    var ended: ((DatagramExchange) -> Void)?
    private var socket: DatagramSocket?
    private var query: DNSQuery?
    private var hasRepeated = false
    /// Whether a response came that would have been used but for its lack of a cookie.
    private var missedCookie = false

    init(
        _ inquiry: Inquiry, to server: SocketAddress, _ cookies: CookieJar, _ resources: ChannelResources,
        completion: @escaping (AttemptOutcome) -> Void
    ) {
        self.inquiry = inquiry
        self.server = server
        self.cookies = cookies
        self.resources = resources
        self.completion = completion
    }

    func start() {
        do throws(ConnectionFailure) {
            socket = try DatagramSocket(
                connectedTo: server, on: resources.loop,
                received: { [weak self] in self?.received($0) },
                failed: { [weak self] in self?.finish(.failed(.unreachable("\($0)"))) })
            send()
        } catch {
            finishLater(.unreachable("\(error)"))
        }
    }

    private func send() {
        var generator = SystemRandomNumberGenerator()
        var query = inquiry.query(identifier: .random(in: 0...UInt16.max, using: &generator))
        if inquiry.variesCase { query.randomizeCase(using: &generator) }
        query.cookie = cookies.cookie(from: socket?.localAddress, at: resources.loop.now)
        self.query = query
        do throws(DNSMessageFailure) {
            let octets = try query.encode()
            do throws(ConnectionFailure) {
                try socket?.send(octets)
            } catch {
                finishLater(.unreachable("\(error)"))
            }
        } catch {
            finishLater(.malformed(error))
        }
    }

    private func received(_ datagram: UnsafeRawBufferPointer) {
        guard let response = try? DNSResponse(decoding: Array(datagram)), let query, query.isAnswered(by: response)
        else { return }
        // What is truncated is not used but asked for again on a connection, and is not read as far as its cookie.
        if let sent = query.cookie, !response.isTruncated {
            switch cookies.judge(response.cookie, sent: sent) {
            case .fitting: break
            case .wrong: return
            case .missing:
                missedCookie = true
                return
            }
        }
        guard response.code == .badCookie else { return finish(.answered(response, isAuthenticated: false)) }
        guard hasRepeated else {
            // The server's half has come with this response (RFC 7873 §5.3).
            hasRepeated = true
            return send()
        }
        // A connection needs no cookie.
        finish(.answered(DNSResponse(to: query, isTruncated: true), isAuthenticated: false))
    }

    private func finish(_ outcome: AttemptOutcome) {
        let completion = completion
        cancel()
        completion?(outcome)
    }

    private func finishLater(_ failure: QueryFailure) {
        resources.loop.afterTurn { [weak self] in self?.finish(.failed(failure)) }
    }
}

extension DatagramExchange: QueryHandle {
    func cancel() {
        completion = nil
        socket?.close()
        socket = nil
        let ended = ended
        self.ended = nil
        ended?(self)
    }

    func timedOut() {
        if missedCookie { cookies.giveUpExpecting() }
        cancel()
    }
}
