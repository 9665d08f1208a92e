internal import Glibc
internal import TestSupport

/// Which core does what: the server under test has one, everything else is kept off it.
enum CoreAssignment {
    static let server = 0
    static var generator: Int { min(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1) }

    /// Moves this process with all its threads to the generator's core.
    static func takeGeneratorCore() throws {
        try Program.run("taskset", ["-a", "-c", "-p", "\(generator)", "\(getpid())"])
    }
}
