internal import Glibc

/// Ends a process group when this process dies, even of a crash or of SIGKILL.
///
/// A shell waits for the end of a pipe whose other end only this process holds.
final class ProcessGuardian {
    private let identifier: pid_t
    private let lifeline: Descriptor

    init(of group: pid_t) throws(HarnessFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .systemCall("pipe", code: errno) }
        let input = Descriptor(ends[0])
        lifeline = Descriptor(ends[1])
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        let output = Descriptor(open("/dev/null", O_WRONLY | O_CLOEXEC))
        identifier = try ProcessSpawning.spawn(
            "/bin/sh", arguments: ["-c", "read -r line; kill -s KILL -- -\"$0\"", String(group)], environment: [:],
            input: input, output: output, errors: output)
    }

    /// Sends the guardian away; the group is somebody else's business now.
    func dismiss() {
        kill(identifier, SIGKILL)
        var status: Int32 = 0
        waitpid(identifier, &status, 0)
    }
}
