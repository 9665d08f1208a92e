internal import EventLoops
internal import Glibc
internal import TestSupport

/// A server of one of the three makes, alone on its core, with one component domain.
final class ServerUnderTest {
    let kind: ServerKind
    let s2s: SocketAddress
    let component: SocketAddress
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts the server and waits until it takes connections.
    init(_ kind: ServerKind, in laboratory: Laboratory) throws {
        self.kind = kind
        let directory = try TemporaryDirectory(named: "bench")
        let address = LoopbackAddress.unused()
        let ports = (s2s: try Endpoint.unused(on: address), component: try Endpoint.unused(on: address))
        let plan = ServerConfiguration(
            address: address.description, s2sPort: ports.s2s.port, componentPort: ports.component.port,
            directory: directory.path, laboratory: laboratory)
        let command: [String]
        var environment = ["HOME": directory.path]
        switch kind {
        case .ligase:
            command = [
                try "\(Program.directoryOfThisProgram())/ligased", "--config",
                try directory.write(plan.ligase, to: "ligase.toml"),
            ]
        case .prosody:
            try directory.makeDirectory("data")
            command = ["prosody", "-F", "--config", try directory.write(plan.prosody, to: "prosody.cfg.lua")]
        case .ejabberd:
            // As the interop tests start it, without node name and port mapper; one scheduler for one core.
            let database = try directory.makeDirectory("database")
            environment["EJABBERD_CONFIG_PATH"] = try directory.write(plan.ejabberd, to: "ejabberd.yml")
            environment["EJABBERD_LOG_PATH"] = directory.path(of: "ejabberd.log")
            environment["ERL_INETRC"] = try directory.write(plan.erlangResolver, to: "inetrc")
            environment["ERL_LIBS"] = try Self.ejabberdLibraries()
            environment["ERL_CRASH_DUMP"] = directory.path(of: "crash")
            command =
                ["erl", "+S", "1:1", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "+K", "true"]
                + ["-noinput", "-mnesia", "dir", "\"\(database)\"", "-s", "ejabberd"]
        }
        process = try ChildProcess(
            "taskset", arguments: ["-c", "\(CoreAssignment.server)"] + command, environment: environment,
            logFile: directory.path(of: "log"))
        self.directory = directory
        s2s = try SocketAddress("\(ports.s2s)")
        component = try SocketAddress("\(ports.component)")
        try process.wait(for: "listeners", within: .seconds(60)) {
            ports.s2s.accepts && ports.component.accepts
        }
    }

    /// The process and what it has used so far, its own children included.
    var usage: ProcessUsage { ProcessUsage(group: process.identifier) }

    var isRunning: Bool { process.isRunning }

    /// The end of what it logged.
    var log: String { process.log.split(separator: "\n").suffix(15).joined(separator: "\n") }

    func stop() { process.stop(within: .seconds(3)) }

    private static func ejabberdLibraries() throws -> String {
        let search = try Program.run(
            "sh", ["-c", "sed -n \"s/^ERL_LIBS='*\\([^']*\\).*/\\1/p\" /usr/sbin/ejabberdctl"])
        return search.split(separator: "\n").first.map(String.init) ?? ""
    }
}
