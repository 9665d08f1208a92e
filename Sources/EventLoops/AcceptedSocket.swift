internal import Glibc
internal import Synchronization

/// A connection that a listener accepted and no loop has yet; closed if nobody adopts it.
public final class AcceptedSocket: Sendable {
    /// The peer's address, nil for a unix socket.
    public let peerAddress: SocketAddress?
    /// Our own address, nil for a unix socket.
    public let localAddress: SocketAddress?
    private let number: Atomic<Int32>

    init(_ descriptor: SocketDescriptor, peerAddress: SocketAddress?, localAddress: SocketAddress?) {
        number = Atomic(descriptor.number)
        self.peerAddress = peerAddress
        self.localAddress = localAddress
    }

    deinit {
        takeDescriptor().close()
    }

    /// Makes it a connection of `loop`, which must be the current one; the delegate must be set at once.
    ///
    /// - Throws: ``ConnectionFailure`` when the loop cannot watch it, or when it was adopted or refused before.
    public func adopt(on loop: EventLoop) throws(ConnectionFailure) -> TCPConnection {
        let descriptor = takeDescriptor()
        guard descriptor.isOpen else { throw .system(SystemError(call: "adopt", code: EBADF)) }
        return try TCPConnection(
            adopting: descriptor, peerAddress: peerAddress, localAddress: localAddress, on: loop)
    }

    /// Hands the descriptor, which does not block, to another library: it is the caller's to close. Nil when it was
    /// adopted, refused or handed over before.
    public func relinquish() -> Int32? {
        let descriptor = takeDescriptor()
        return descriptor.isOpen ? descriptor.number : nil
    }

    /// Closes it now, with a reset; nothing happens when it was adopted.
    public func refuse() {
        let descriptor = takeDescriptor()
        if descriptor.isOpen { descriptor.closeWithReset() }
    }

    private func takeDescriptor() -> SocketDescriptor {
        SocketDescriptor(number: number.exchange(-1, ordering: .acquiringAndReleasing))
    }
}
