public import EventLoops

/// A small HTTP/1 server on one loop: bounded, without threads, for answers that fit in memory.
///
/// It takes no content, and leaves to `decide` what is answered. A client that is slow loses its connection, whatever it
/// is slow with. To be stopped before it is let go.
///
/// - SeeAlso: RFC 9110, RFC 9112.
public final class HTTPServer {
    /// Called on the loop with every request.
    public typealias Decider = (HTTPServerRequest) -> HTTPServerDecision

    private let loop: EventLoop
    private let limits: HTTPServerLimits
    private let connections: ServedConnections
    private var listeners: [TCPListener] = []

    /// A server that listens nowhere yet.
    ///
    /// - Parameter loop: Where everything happens, this call included.
    /// - Throws: ``HTTPServerFailure`` when no server is to be had of the library or the kernel.
    public init(
        on loop: EventLoop, limits: HTTPServerLimits = HTTPServerLimits(), decide: @escaping Decider
    ) throws(HTTPServerFailure) {
        self.loop = loop
        self.limits = limits
        connections = try ServedConnections(on: loop, limits: limits, decide: decide)
    }

    /// How many connections there are.
    public var connectionCount: Int { connections.count }

    /// Serves those who connect to one more socket.
    ///
    /// - Throws: ``ListenFailure`` when the loop cannot watch it.
    public func listen(_ socket: ListeningSocket) throws(ListenFailure) {
        let listener = try TCPListener(
            socket, on: loop, filter: { [weak connections] peer in connections?.hasRoom(for: peer) ?? false },
            accepted: { [weak connections] accepted in connections?.take(accepted) })
        listeners.append(listener)
    }

    /// Closes the sockets and all connections.
    public func stop() {
        for listener in listeners { listener.stop() }
        listeners = []
        connections.close()
    }
}
