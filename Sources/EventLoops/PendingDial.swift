internal import Glibc

/// A connection in the making; see ``TCPConnection/dial(to:on:deadline:completion:)``.
public final class PendingDial {
    /// Called at most once, with the connection or the reason why there is none.
    public typealias Completion = (Result<TCPConnection, ConnectionFailure>) -> Void

    private let loop: EventLoop
    private let peerAddress: SocketAddress?
    private var descriptor = SocketDescriptor.closed
    private var token: ReadinessToken?
    private var timer: LoopTimer?
    private var completion: Completion?

    init(loop: EventLoop, peerAddress: SocketAddress?, completion: @escaping Completion) {
        self.loop = loop
        self.peerAddress = peerAddress
        self.completion = completion
    }

    /// Whether neither the completion was called nor the dial cancelled.
    public var isPending: Bool { completion != nil }

    /// Gives up; the completion is not called.
    public func cancel() {
        loop.preconditionOnLoop()
        completion = nil
        release()
    }

    /// - Parameter connect: The call that begins; its `errno`, zero for success.
    func begin(
        _ make: () throws(SystemError) -> SocketDescriptor, deadline: Duration, connect: (SocketDescriptor) -> Int32
    ) {
        do throws(SystemError) {
            guard !loop.confined.isStopped else { return }
            descriptor = try make()
            let code = connect(descriptor)
            guard code == 0 || code == EINPROGRESS else { throw SystemError(call: "connect", code: code) }
            token = try loop.confined.readiness.register(descriptor.number, interest: .writing, observer: self)
            timer = loop.scheduleSoon(after: deadline) { [self] in conclude(.failure(.timedOut)) }
        } catch {
            // Told in a while: the caller has not yet got hold of this dial.
            let failure = ConnectionFailure(error)
            loop.afterTurn { self.conclude(.failure(failure)) }
        }
    }

    private func conclude(_ result: Result<TCPConnection, ConnectionFailure>) {
        guard let completion else { return }
        self.completion = nil
        release()
        completion(result)
    }

    private func release() {
        timer?.cancel()
        timer?.body = nil
        timer = nil
        if let token { loop.confined.readiness.deregister(token) }
        token = nil
        descriptor.close()
        descriptor = .closed
    }

    private func connected(_ token: ReadinessToken) {
        let descriptor = descriptor
        self.token = nil
        self.descriptor = .closed
        do throws(ConnectionFailure) {
            let connection = try TCPConnection(
                dialled: descriptor, token: token, peerAddress: peerAddress, on: loop)
            conclude(.success(connection))
        } catch {
            conclude(.failure(error))
        }
    }
}

extension PendingDial: ReadinessObserver {
    func becameReady(_ readiness: Readiness) {
        guard let token else { return }
        let code = descriptor.takeError()
        guard code == 0 else { return conclude(.failure(ConnectionFailure(call: "connect", code: code))) }
        connected(token)
    }

    func loopStopped() {
        token = nil
        completion = nil
        timer = nil
        descriptor.close()
        descriptor = .closed
    }
}
