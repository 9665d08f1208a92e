internal import Glibc
internal import Synchronization

/// A bound socket that listens; made on any thread at start, then given to a ``TCPListener``.
public final class ListeningSocket: Sendable {
    /// The address with the real port, nil for a unix socket.
    public let localAddress: SocketAddress?
    /// The path of a unix socket that was bound here, nil otherwise.
    public let path: String?
    let descriptor: SocketDescriptor
    private let isClosed = Atomic(false)

    /// How many connections the kernel keeps ready before it makes new ones wait.
    public static let defaultBacklog: Int32 = 1024

    private init(_ descriptor: SocketDescriptor, path: String?) {
        self.descriptor = descriptor
        self.path = path
        localAddress = descriptor.localAddress
    }

    deinit {
        close()
    }

    /// Listens on a TCP address. `[::]` takes IPv4 too, and becomes `0.0.0.0` on a host without IPv6.
    ///
    /// - Throws: ``ListenFailure`` naming the address and the reason.
    public static func bind(
        to address: SocketAddress, backlog: Int32 = defaultBacklog
    ) throws(ListenFailure) -> ListeningSocket {
        do throws(SystemError) {
            return try listen(on: address, backlog: backlog)
        } catch {
            let lacksIPv6 = [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code)
            guard lacksIPv6, !address.isIPv4, address.isUnspecified else {
                throw ListenFailure(place: address.description, error: error)
            }
        }
        let anyIPv4 = SocketAddress(isIPv4: true, high: 0, low: 0, scope: 0, port: address.port)
        do throws(SystemError) {
            return try listen(on: anyIPv4, backlog: backlog)
        } catch {
            throw ListenFailure(place: anyIPv4.description, error: error)
        }
    }

    /// Listens on a unix socket with the permission bits `mode`. A socket file that nobody answers any more is replaced;
    /// anything else at `path` is left alone. The file is removed when the socket closes.
    ///
    /// - Throws: ``ListenFailure`` naming the path and the reason; `EADDRINUSE` when a process answers there.
    public static func bind(
        toUnixSocket path: String, mode: UInt32 = 0o660, backlog: Int32 = 64
    ) throws(ListenFailure) -> ListeningSocket {
        do throws(SystemError) {
            guard let address = UnixSocketPath(path) else { throw SystemError(call: "bind", code: ENAMETOOLONG) }
            try address.removeStaleSocket()
            let descriptor = try SocketDescriptor.make(family: AF_UNIX, kind: .stream)
            do throws(SystemError) {
                // Until listen(2) nobody can connect, so the file's first permissions do not matter.
                try checked("bind", address.withSystemAddress { Glibc.bind(descriptor.number, $0, $1) })
                try checked("chmod", chmod(path, mode))
                try checked("listen", Glibc.listen(descriptor.number, backlog))
            } catch {
                descriptor.close()
                throw error
            }
            return ListeningSocket(descriptor, path: path)
        } catch {
            throw ListenFailure(place: path, error: error)
        }
    }

    /// Takes over a socket that listens already, as service managers pass them (sd_listen_fds(3)).
    ///
    /// - Throws: ``ListenFailure`` when `number` is not a stream socket that listens.
    public static func adopt(descriptor number: Int32) throws(ListenFailure) -> ListeningSocket {
        let place = "descriptor \(number)"
        do throws(SystemError) {
            var listens: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            try checked("getsockopt", getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length))
            guard listens != 0 else { throw SystemError(call: "listen", code: EINVAL) }
            try checked("fcntl", fcntl(number, F_SETFD, FD_CLOEXEC))
            let flags = fcntl(number, F_GETFL)
            try checked("fcntl", fcntl(number, F_SETFL, flags | O_NONBLOCK))
        } catch {
            throw ListenFailure(place: place, error: error)
        }
        let descriptor = SocketDescriptor(number: number)
        if descriptor.localAddress != nil { descriptor.tuneForTCP() }
        return ListeningSocket(descriptor, path: nil)
    }

    /// Closes the socket and removes the file of a unix socket. A listener that uses it must have stopped before.
    public func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        descriptor.close()
        if let path { unlink(path) }
    }

    private static func listen(on address: SocketAddress, backlog: Int32) throws(SystemError) -> ListeningSocket {
        let descriptor = try SocketDescriptor.make(family: address.family, kind: .stream)
        do throws(SystemError) {
            try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
            if !address.isIPv4 {
                try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, address.isUnspecified ? 0 : 1)
            }
            descriptor.tuneForTCP()
            try checked("bind", address.withSystemAddress { Glibc.bind(descriptor.number, $0, $1) })
            try checked("listen", Glibc.listen(descriptor.number, backlog))
        } catch {
            descriptor.close()
            throw error
        }
        return ListeningSocket(descriptor, path: nil)
    }

    private static func checked(_ call: String, _ result: Int32) throws(SystemError) {
        guard result == 0 else { throw .latest(call) }
    }
}
