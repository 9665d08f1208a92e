internal import Administration
internal import EventLoops

/// Answers `ligasectl` on the control socket; lives on one loop.
final class ControlServer {
    private let loop: EventLoop
    private let answer: @Sendable (AdministrationRequest) async -> ReplyFrames
    private var listener: TCPListener?
    private var clients: [ObjectIdentifier: ControlClientConnection] = [:]

    /// More operators than this at once are a mistake.
    private static let clientLimit = 64

    init(loop: EventLoop, answer: @escaping @Sendable (AdministrationRequest) async -> ReplyFrames) {
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

/// One connection of an operator's tool. Answers are put into bytes off the loop, one frame after the other.
final class ControlClientConnection: TCPConnectionDelegate {
    private let connection: TCPConnection
    private let answer: @Sendable (AdministrationRequest) async -> ReplyFrames
    private let ended: (ControlClientConnection) -> Void
    private var reader = FrameReader()
    /// The answer under way; the next one waits for its end, so that their frames do not mix.
    private var latest: Task<Void, Never>?
    /// Who wrote more than the connection takes at once.
    private var waiting: CheckedContinuation<Bool, Never>?
    private var hasEnded = false

    init(
        _ connection: TCPConnection, answer: @escaping @Sendable (AdministrationRequest) async -> ReplyFrames,
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
            let failure = AdministrationFailure("\(error)", exitCode: .protocolError)
            reply { ControlCodec.frames(of: .failed(failure)) }
        }
    }

    private func ask(_ request: AdministrationRequest) {
        reply { [answer] in await answer(request) }
    }

    private func reply(_ find: @escaping @Sendable () async -> ReplyFrames) {
        let reference = LoopReference(self, on: connection.loop)
        latest = Task { [latest] in
            await latest?.value
            for frame in await find() {
                let isWanted = await withCheckedContinuation { continuation in
                    reference.post { $0.send(frame, then: continuation) }
                }
                guard isWanted else { return }
            }
        }
    }

    /// Goes on once the connection takes more, so that a long list needs no memory twice; with false when nobody reads.
    private func send(_ frame: [UInt8], then continuation: CheckedContinuation<Bool, Never>) {
        guard !hasEnded else { return continuation.resume(returning: false) }
        connection.write(frame)
        guard connection.isFull else { return continuation.resume(returning: true) }
        waiting = continuation
    }

    func connectionDidDrain(_ connection: TCPConnection) { waiting.take()?.resume(returning: true) }

    func connectionReachedEnd(_ connection: TCPConnection) {
        connection.closeAfterFlush(within: .seconds(1))
        end()
    }

    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure) { end() }

    private func end() {
        hasEnded = true
        waiting.take()?.resume(returning: false)
        ended(self)
    }
}
