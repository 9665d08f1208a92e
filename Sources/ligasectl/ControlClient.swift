internal import Administration
internal import Glibc

/// One question to the daemon over its control socket; blocks until the answer or the time limit.
struct ControlClient {
    let location: ControlSocketLocation
    /// Seconds of silence after which it gives up.
    let timeout: Int

    func send(_ request: AdministrationRequest) throws(AdministrationFailure) -> AdministrationReply {
        let bytes: [UInt8]
        do throws(ControlFailure) {
            bytes = try ControlCodec.encode(request)
        } catch {
            throw AdministrationFailure("the request is too long: \(error)", exitCode: .dataError)
        }
        let descriptor = try connect()
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
        return try readReply(from: descriptor)
    }

    // MARK: - The socket

    private func connect() throws(AdministrationFailure) -> Int32 {
        var address = sockaddr_un()
        let path = Array(location.path.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw AdministrationFailure("the path of the socket is too long: \(location.path)", exitCode: .usage)
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(of: "a socket cannot be made", code: errno) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // The limit for sending is the one for connecting as well.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw refusal(code)
        }
        return descriptor
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(AdministrationFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { rest in
                Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            // The daemon may have answered before it read everything, and its answer says why.
            if count < 0 && errno == EPIPE { return }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(of: "the request cannot be sent", code: errno) }
            sent += count
        }
    }

    private func readReply(from descriptor: Int32) throws(AdministrationFailure) -> AdministrationReply {
        var incoming = IncomingReply()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(of: "the answer cannot be read", code: errno) }
            guard count > 0 else {
                throw AdministrationFailure(
                    "the daemon closed the connection before its answer was complete; its log may say why",
                    exitCode: .unavailable)
            }
            do throws(ControlFailure) {
                if let reply = try incoming.receive(buffer[..<count]) { return reply }
            } catch {
                throw AdministrationFailure("\(error)", exitCode: .protocolError)
            }
        }
    }

    // MARK: - What to tell the operator

    private func refusal(_ code: Int32) -> AdministrationFailure {
        let note = location.note.map { ["(\($0))"] } ?? []
        switch code {
        case ENOENT, ECONNREFUSED, ENOTDIR, ENOTSOCK:
            return AdministrationFailure(
                "no daemon answers on \(location.path)",
                details: note + ["start it with “systemctl start ligased”, or name the socket with --socket"],
                exitCode: .unavailable)
        case EACCES, EPERM:
            return AdministrationFailure(
                "not allowed to use \(location.path)",
                details: note + [SocketPermissions.advice(for: location.path)], exitCode: .noPermission)
        case EAGAIN: return failure(of: "the daemon does not accept the connection", code: code)
        default: return failure(of: "\(location.path) cannot be used", code: code)
        }
    }

    private func failure(of step: String, code: Int32) -> AdministrationFailure {
        if code == EAGAIN {
            return AdministrationFailure(
                "\(step): the daemon was silent for \(timeout) s",
                details: ["a longer --timeout waits longer"], exitCode: .temporaryFailure)
        }
        return AdministrationFailure("\(step): \(String(cString: strerror(code)))", exitCode: .systemError)
    }
}
