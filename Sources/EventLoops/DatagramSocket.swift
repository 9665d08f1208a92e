internal import Glibc

/// A UDP socket connected to one peer: the kernel drops what comes from anybody else.
public final class DatagramSocket {
    private static let datagramsPerTurn = 64

    /// The peer.
    public let peerAddress: SocketAddress
    /// Our own address, with the port that the kernel chose.
    public let localAddress: SocketAddress?

    private let loop: EventLoop
    private var descriptor: SocketDescriptor
    private var token: ReadinessToken?
    private var received: ((UnsafeRawBufferPointer) -> Void)?
    private var failed: ((ConnectionFailure) -> Void)?

    /// A socket on a fresh port.
    ///
    /// - Parameters:
    ///   - received: Gets each datagram, in the loop's shared buffer, gone when it returns.
    ///   - failed: Gets what the network answered to an earlier datagram, such as ``ConnectionFailure/refused``; the
    ///     socket stays open.
    /// - Throws: ``ConnectionFailure`` when no descriptor, port or route is left.
    public init(
        connectedTo peer: SocketAddress, on loop: EventLoop,
        received: @escaping (UnsafeRawBufferPointer) -> Void, failed: @escaping (ConnectionFailure) -> Void
    ) throws(ConnectionFailure) {
        self.loop = loop
        self.received = received
        self.failed = failed
        peerAddress = peer
        do throws(SystemError) {
            descriptor = try SocketDescriptor.make(family: peer.family, kind: .datagram)
        } catch {
            throw ConnectionFailure(error)
        }
        let code = descriptor.connect(to: peer)
        localAddress = descriptor.localAddress
        do throws(SystemError) {
            guard code == 0 else { throw SystemError(call: "connect", code: code) }
            token = try loop.confined.readiness.register(descriptor.number, interest: .reading, observer: self)
        } catch {
            descriptor.close()
            throw ConnectionFailure(error)
        }
    }

    /// Sends one datagram now.
    ///
    /// - Throws: ``ConnectionFailure``; a full buffer (`EAGAIN`) too, for a datagram may be lost at any time.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(ConnectionFailure) {
        loop.preconditionOnLoop()
        let count = descriptor.send(bytes)
        guard count >= 0 else { throw ConnectionFailure(call: "send", code: Int32(truncatingIfNeeded: -count)) }
    }

    /// Sends one datagram now; throws as ``send(_:)``.
    public func send(_ bytes: [UInt8]) throws(ConnectionFailure) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ConnectionFailure) in try send(bytes) }
        }
        try result.get()
    }

    /// Closes the socket; nothing is received any more.
    public func close() {
        loop.preconditionOnLoop()
        if let token { loop.confined.readiness.deregister(token) }
        loopStopped()
    }
}

extension DatagramSocket: ReadinessObserver {
    func becameReady(_ readiness: Readiness) {
        for _ in 0..<Self.datagramsPerTurn where token != nil {
            let buffer = loop.confined.readBuffer
            let count = descriptor.receive(into: buffer)
            if count >= 0 {
                received?(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                continue
            }
            let code = Int32(truncatingIfNeeded: -count)
            guard code != EAGAIN else { return }
            failed?(ConnectionFailure(call: "recv", code: code))
        }
    }

    func loopStopped() {
        token = nil
        received = nil
        failed = nil
        descriptor.close()
        descriptor = .closed
    }
}
