internal import Glibc

/// Starts processes by `posix_spawn`, which needs none of what `fork` may not do in a threaded process.
enum ProcessSpawning {
    /// Starts a program in a process group of its own, with every signal at its default and unblocked.
    ///
    /// - Returns: Its process identifier, which is also that of its group.
    static func spawn(
        _ executable: String, arguments: [String], environment: [String: String], input: Descriptor, output: Descriptor,
        errors: Descriptor
    ) throws(HarnessFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.number, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.number, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.number, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var merged = inheritedEnvironment()
        merged.merge(environment) { _, new in new }
        var identifier: pid_t = 0
        let result = withCStrings([executable] + arguments) { argumentVector in
            withCStrings(merged.map { "\($0.key)=\($0.value)" }) { environmentVector in
                posix_spawnp(&identifier, executable, &actions, &attributes, argumentVector, environmentVector)
            }
        }
        guard result != ENOENT else { throw .programMissing(executable) }
        guard result == 0 else { throw .systemCall("posix_spawn \(executable)", code: result) }
        return identifier
    }

    private static func inheritedEnvironment() -> [String: String] {
        // Only what programs need to run at all: a test must not depend on who started it.
        var variables = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]
        for name in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        // Daemons live where a user's PATH may not lead.
        if let path = variables["PATH"], !path.split(separator: ":").contains("/usr/sbin") {
            variables["PATH"] = path + ":/usr/sbin:/sbin"
        }
        return variables
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
