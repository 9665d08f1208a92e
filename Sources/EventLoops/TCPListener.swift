internal import CLinux
internal import Glibc

/// Accepts the connections of one ``ListeningSocket``, TCP or unix, on one loop.
///
/// When descriptors run out it sheds the connections that wait, by means of one descriptor kept in reserve; when even
/// that fails it pauses for a moment. It never spins.
public final class TCPListener {
    /// Whether to take a connection from this peer (nil for a unix socket); asked before anything is allocated.
    public typealias Filter = (SocketAddress?) -> Bool

    static let acceptsPerTurn = 64
    private static let pauseAfterExhaustion = Duration.milliseconds(250)

    /// The address with the real port, nil for a unix socket.
    public var localAddress: SocketAddress? { socket.localAddress }
    /// Connections handed on.
    public private(set) var acceptedConnections: UInt64 = 0
    /// Connections that the filter refused.
    public private(set) var refusedConnections: UInt64 = 0
    /// Connections dropped for want of descriptors.
    public private(set) var shedConnections: UInt64 = 0
    /// Told when descriptors run out, at most once a second.
    public var exhausted: ((SystemError) -> Void)?

    private let socket: ListeningSocket
    private let loop: EventLoop
    private let filter: Filter
    private let accepted: (AcceptedSocket) -> Void
    private let accept: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    private var token: ReadinessToken?
    private var reserve: Int32 = -1
    private var retry: LoopTimer?
    private var lastExhaustion: LoopTime?

    /// Accepts from now on; the loop keeps the listener alive until ``stop()``.
    ///
    /// - Parameters:
    ///   - filter: False refuses the connection with a reset.
    ///   - accepted: Gets each connection; it may adopt it here or pass it to another loop.
    /// - Throws: ``ListenFailure`` when the loop cannot watch the socket.
    public convenience init(
        _ socket: ListeningSocket, on loop: EventLoop, filter: @escaping Filter = { _ in true },
        accepted: @escaping (AcceptedSocket) -> Void
    ) throws(ListenFailure) {
        try self.init(socket, on: loop, filter: filter, accepted: accepted, accept: linux_accept)
    }

    /// - Parameter accept: accept4(2), or a test's stand-in for it.
    init(
        _ socket: ListeningSocket, on loop: EventLoop, filter: @escaping Filter,
        accepted: @escaping (AcceptedSocket) -> Void,
        accept: @escaping (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(ListenFailure) {
        self.socket = socket
        self.loop = loop
        self.filter = filter
        self.accepted = accepted
        self.accept = accept
        do throws(SystemError) {
            token = try loop.confined.readiness.register(
                socket.descriptor.number, interest: .reading, observer: self)
        } catch {
            throw ListenFailure(place: socket.localAddress?.description ?? socket.path ?? "socket", error: error)
        }
        reserve = Self.openReserve()
    }

    /// Accepts no more and closes the socket; connections handed on live on.
    public func stop() {
        loop.preconditionOnLoop()
        if let token { loop.confined.readiness.deregister(token) }
        release()
    }

    private func release() {
        token = nil
        retry?.cancel()
        retry = nil
        if reserve >= 0 { close(reserve) }
        reserve = -1
        socket.close()
    }

    private func acceptOne() -> Bool {
        var number: Int32 = 0
        // accept4(2) may be interrupted or find that the peer has gone; it does not fill the address then.
        let peer = SocketAddress.filled { address, length in
            number = accept(socket.descriptor.number, address, length)
            return number
        }
        guard number >= 0 else { return survive(-number) }
        let descriptor = SocketDescriptor(number: number)
        guard filter(peer) else {
            refusedConnections += 1
            descriptor.closeWithReset()
            return true
        }
        acceptedConnections += 1
        accepted(AcceptedSocket(descriptor, peerAddress: peer, localAddress: descriptor.localAddress))
        return true
    }

    /// Whether to try the next connection after this `errno`.
    private func survive(_ code: Int32) -> Bool {
        switch code {
        case EAGAIN:
            return false
        case EMFILE, ENFILE:
            reportExhaustion(code)
            if shedOne() { return true }
            pause()
            return false
        case ENOBUFS, ENOMEM:
            reportExhaustion(code)
            pause()
            return false
        case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
            // No listening socket any more: waiting longer than a moment is all that can be done.
            pause()
            return false
        default:
            // ECONNABORTED, EINTR, and the network errors that accept(2) passes on: they concern one connection.
            return true
        }
    }

    private func shedOne() -> Bool {
        // The report may have stopped this listener.
        guard token != nil else { return false }
        guard reserve >= 0 else {
            reserve = Self.openReserve()
            return false
        }
        close(reserve)
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let number = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                accept(socket.descriptor.number, $0, &length)
            }
        }
        if number >= 0 {
            SocketDescriptor(number: number).closeWithReset()
            shedConnections += 1
        }
        reserve = Self.openReserve()
        return number >= 0 && reserve >= 0
    }

    private func pause() {
        guard let token else { return }
        loop.confined.readiness.park(token)
        retry = loop.scheduleSoon(after: Self.pauseAfterExhaustion) { [weak self] in self?.resume() }
    }

    private func resume() {
        guard let token else { return }
        if reserve < 0 { reserve = Self.openReserve() }
        do throws(SystemError) {
            try loop.confined.readiness.update(token, interest: .reading)
        } catch {
            pause()
        }
    }

    private func reportExhaustion(_ code: Int32) {
        let now = loop.now
        if let lastExhaustion, now - lastExhaustion < .seconds(1) { return }
        lastExhaustion = now
        exhausted?(SystemError(call: "accept4", code: code))
    }

    private static func openReserve() -> Int32 {
        open("/dev/null", O_RDONLY | O_CLOEXEC)
    }
}

extension TCPListener: ReadinessObserver {
    func becameReady(_ readiness: Readiness) {
        for _ in 0..<Self.acceptsPerTurn where token != nil {
            guard acceptOne() else { return }
        }
    }

    func loopStopped() {
        release()
    }
}
