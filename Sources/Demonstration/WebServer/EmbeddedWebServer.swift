internal import EventLoops
internal import Synchronization
internal import TransportSecurity

/// A web server on loopback that has a few documents, each at a host and a path, and nothing else: HTTP/1.1 under TLS.
///
/// It answers GET and closes the connection, which is all that a document needs. Connections and requests are bounded.
final class EmbeddedWebServer: Sendable {
    /// A document that it has.
    struct Document: Hashable, Sendable {
        var mediaType: String
        var content: String
    }

    /// Who presents what under a server name.
    typealias Identities = [String: TLSIdentity]

    /// What was asked for, and what was answered.
    struct Visit: Hashable, Sendable {
        /// The URL.
        var url: String
        /// The status of the answer, such as 200.
        var status: Int
        /// What was sent.
        var content: String
    }

    private struct State {
        var documents: [String: Document] = [:]
        var connections = 0
    }

    private static let mostConnections = 32

    /// Where it listens.
    let address: SocketAddress
    private let loop: EventLoop
    private let state = Mutex(State())
    private let observe: @Sendable (Visit) -> Void

    /// A server that listens at once, without documents yet.
    ///
    /// - Parameters:
    ///   - identities: One for each host; at least one.
    ///   - observe: Is told of every request, on the server's loop.
    init(identities: Identities, observe: @escaping @Sendable (Visit) -> Void) throws(WebServerFailure) {
        guard let standard = identities.sorted(by: { $0.key < $1.key }).first?.value else { throw .noIdentity }
        self.observe = observe
        do {
            let context = try TLSContext.server(defaultIdentity: standard) { identities[$0] }
            let socket = try ListeningSocket.bind(to: .loopbackIPv4(port: 0))
            guard let bound = socket.localAddress else { throw WebServerFailure.unavailable(reason: "no address") }
            let loop = try EventLoop(name: "web server")
            (address, self.loop) = (bound, loop)
            try loop.run { () throws(ListenFailure) in
                _ = try TCPListener(socket, on: loop) { [weak self] accepted in
                    guard let self, let connection = try? accepted.adopt(on: loop) else { return }
                    guard let session = try? TLSSession(context: context, applicationProtocols: ["http/1.1"]), admit()
                    else {
                        connection.close()
                        return
                    }
                    EmbeddedWebConnection.serve(connection, session: session, for: self)
                }
            }
        } catch let failure as WebServerFailure {
            throw failure
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    deinit { loop.stop() }

    /// Has a document from now on.
    func publish(_ document: Document, at path: String, of host: String) {
        state.withLock { $0.documents["https://\(host)\(path)"] = document }
    }

    /// Listens no more and closes all connections.
    func stop() { loop.stop() }

    /// The answer to a request.
    func reply(to request: WebRequestHead, serverName: String?) -> [UInt8] {
        let place = "https://\(request.host ?? serverName ?? "?")\(request.path)"
        let document = request.method == "GET" ? state.withLock { $0.documents[place] } : nil
        let status = document != nil ? "200 OK" : request.method == "GET" ? "404 Not Found" : "405 Method Not Allowed"
        let content = document?.content ?? ""
        let url = "https://\(request.authority ?? serverName ?? "?")\(request.path)"
        observe(Visit(url: url, status: Int(status.prefix(3)) ?? 0, content: content))
        let head = """
            HTTP/1.1 \(status)\r
            Content-Type: \(document?.mediaType ?? "text/plain")\r
            Content-Length: \(content.utf8.count)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + Array(content.utf8)
    }

    private func admit() -> Bool {
        state.withLock { state in
            guard state.connections < Self.mostConnections else { return false }
            state.connections += 1
            return true
        }
    }

    func connectionEnded() { state.withLock { $0.connections -= 1 } }
}
