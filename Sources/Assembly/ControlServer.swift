internal import Administration
internal import EventLoops

/// Answers `ligasectl` on the control socket; lives on one loop.
final class ControlServer {
    private let loop: EventLoop
    private let answer: @Sendable (AdministrationRequest) async -> AdministrationReply
    private var listener: TCPListener?
    private var clients: [ObjectIdentifier: ControlClientConnection] = [:]

    /// More operators than this at once are a mistake.
    private static let clientLimit = 64

    init(loop: EventLoop, answer: @escaping @Sendable (AdministrationRequest) async -> AdministrationReply) {
        self.loop = loop
        self.answer = answer
    }

    /// Answers from now on; the loop keeps the server alive.
    func start(_ socket: ListeningSocket) throws(ListenFailure) {
        listener = try TCPListener(socket, on: loop) { [self] accepted in accept(accepted) }
    }

    func stop() {
        listener?.stop()
        listener = nil
    }

    private func accept(_ socket: AcceptedSocket) {
        guard clients.count < Self.clientLimit, let connection = try? socket.adopt(on: loop) else { return }
        let client = ControlClientConnection(connection, answer: answer) { [weak self] client in
            self?.clients[ObjectIdentifier(client)] = nil
        }
        clients[ObjectIdentifier(client)] = client
    }
}

/// One connection of an operator's tool.
final class ControlClientConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let answer: @Sendable (AdministrationRequest) async -> AdministrationReply
    private let ended: (ControlClientConnection) -> Void
    private var reader = FrameReader()
    private var frames: ReplyFrames?

    init(
        _ connection: TCPConnection, answer: @escaping @Sendable (AdministrationRequest) async -> AdministrationReply,
        ended: @escaping (ControlClientConnection) -> Void
    ) {
        self.connection = connection
        self.answer = answer
        self.ended = ended
        connection.delegate = self
    }

    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer) {
        do throws(ControlFailure) {
            for frame in try reader.receive(bytes) { ask(try ControlCodec.decodeRequest(frame)) }
        } catch {
            reply(.failed(AdministrationFailure("\(error)", exitCode: .protocolError)))
        }
    }

    private func ask(_ request: AdministrationRequest) {
        let reference = WeakLoopReference(self, on: connection.loop)
        Task { [answer] in
            let reply = await answer(request)
            reference.post { $0.reply(reply) }
        }
    }

    private func reply(_ reply: AdministrationReply) {
        frames = ControlCodec.frames(of: reply)
        sendFrames()
    }

    /// As many as the connection takes; the rest when it has drained, so that a long list needs no memory twice.
    private func sendFrames() {
        while !connection.isFull, let frame = frames?.next() { connection.write(frame) }
    }

    func connectionDidDrain(_ connection: TCPConnection) { sendFrames() }

    func connectionReachedEnd(_ connection: TCPConnection) {
        connection.closeAfterFlush(within: .seconds(1))
        ended(self)
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { ended(self) }
}
