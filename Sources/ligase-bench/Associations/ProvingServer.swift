internal import EventLoops
internal import Glibc
internal import TestSupport

/// `ligased` alone on its core, with one component, that proves remote servers in one way.
final class ProvingServer {
    let component: SocketAddress
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it takes components.
    init(_ kind: ProofKind, in laboratory: AssociationLaboratory) throws {
        let directory = try TemporaryDirectory(named: "bench")
        self.directory = directory
        let address = LoopbackAddress.unused()
        let ports = (s2s: try Endpoint.unused(on: address), component: try Endpoint.unused(on: address))
        let configuration = """
            state_directory = "\(directory.path)/state"
            [log]
            level = "warning"
            [listen]
            s2s = ["\(ports.s2s)"]
            s2s_direct_tls = []
            component = ["\(ports.component)"]
            http = []
            control = "\(directory.path)/control.sock"
            [tls]
            certificate = "\(laboratory.ownCertificateFile)"
            private_key = "\(laboratory.ownKeyFile)"
            trust_anchors = "\(laboratory.authorityFile)"
            [federation]
            prooftypes = ["\(kind.rawValue)"]
            dane = "\(kind == .dane ? "when-published" : "off")"
            # Each dial is one, also from another domain of ours.
            bidirectional = false
            piggybacking = false
            \(kind == .posh ? "[posh]\nprivate_addresses = true" : "")
            [runtime]
            event_loops = 1
            [dns]
            servers = ["\(laboratory.nameServerAddress)"]
            trust_anchor = "\(laboratory.anchorFile)"
            \(Self.domains)
            \(kind == .posh ? Self.documents(at: laboratory.webServerAddress) : "")

            """
        process = try ChildProcess(
            "taskset",
            arguments: [
                "-c", "\(CoreAssignment.server)", try "\(Program.directoryOfThisProgram())/ligased", "--config",
                try directory.write(configuration, to: "ligase.toml"),
            ], logFile: directory.path(of: "log"))
        component = try SocketAddress("\(ports.component)")
        try process.wait(for: "listeners", within: .seconds(20)) { ports.component.accepts }
    }

    private static let domains = AssociationLaboratory.locals.map { name in
        "[[domain]]\nname = \"\(name)\"\nsecret = \"\(AssociationLaboratory.secret)\"\n"
    }.joined()

    private static func documents(at server: String) -> String {
        "[[remote]]\nname = \"*.\(AssociationLaboratory.suffix)\"\nposh_server = \"\(server)\""
    }

    /// Processor time so far, user and system, seconds.
    var processorSeconds: Double { ProcessUsage(group: process.identifier).processorSeconds }

    var isRunning: Bool { process.isRunning }

    /// The end of what it logged.
    var log: String { process.log.split(separator: "\n").suffix(8).joined(separator: "\n") }

    func stop() { process.stop(within: .seconds(3)) }
}
