internal import Glibc

extension TCPConnection {
    /// Connects to `address` without blocking; on the loop only.
    ///
    /// - Parameters:
    ///   - deadline: How long the kernel may try, within about a millisecond.
    ///   - completion: Called once on the loop, never before this returns, with a connection whose delegate must be set
    ///     at once, or the failure. Not called after ``PendingDial/cancel()`` or once the loop has stopped.
    /// - Returns: The dial, to be cancelled or ignored.
    @discardableResult
    public static func dial(
        to address: SocketAddress, on loop: EventLoop, deadline: Duration,
        completion: @escaping PendingDial.Completion
    ) -> PendingDial {
        let dial = PendingDial(loop: loop, peerAddress: address, completion: completion)
        dial.begin(
            { () throws(SystemError) in
                let descriptor = try SocketDescriptor.make(family: address.family, kind: .stream)
                descriptor.tuneForTCP()
                return descriptor
            }, deadline: deadline, connect: { $0.connect(to: address) })
        return dial
    }

    /// Connects to a unix stream socket, in all else as ``dial(to:on:deadline:completion:)``.
    @discardableResult
    public static func dial(
        toUnixSocket path: String, on loop: EventLoop, deadline: Duration,
        completion: @escaping PendingDial.Completion
    ) -> PendingDial {
        let dial = PendingDial(loop: loop, peerAddress: nil, completion: completion)
        dial.begin(
            { () throws(SystemError) in try SocketDescriptor.make(family: AF_UNIX, kind: .stream) },
            deadline: deadline,
            connect: { descriptor in
                UnixSocketPath(path)?.withSystemAddress { connect(descriptor.number, $0, $1) == 0 ? 0 : errno }
                    ?? ENAMETOOLONG
            })
        return dial
    }
}
