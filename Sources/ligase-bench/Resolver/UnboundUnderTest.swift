internal import DNSMessages
internal import EventLoops
internal import Glibc
internal import TestSupport

/// An unbound that forwards to the laboratory's name server, on a core of its own: measured itself, or serving as the
/// recursor behind encrypted transports.
final class UnboundUnderTest {
    let plain: Endpoint
    let tls: Endpoint
    let https: Endpoint
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// - Parameter validates: Whether it proves what it is told, or passes it on.
    init(in laboratory: ResolverLaboratory, validates: Bool, onCore core: Int) throws {
        let directory = try TemporaryDirectory(named: "unbound")
        let address = LoopbackAddress.unused()
        plain = try Endpoint.unused(on: address)
        tls = try Endpoint.unused(on: address)
        https = try Endpoint.unused(on: address)
        let upstream = laboratory.upstream
        let configuration = """
            server:
                verbosity: 0
                num-threads: 1
                interface: \(address)@\(plain.port)
                interface: \(address)@\(tls.port)
                interface: \(address)@\(https.port)
                port: \(plain.port)
                tls-port: \(tls.port)
                https-port: \(https.port)
                tls-service-pem: "\(laboratory.certificateFile)"
                tls-service-key: "\(laboratory.keyFile)"
                do-daemonize: no
                use-syslog: no
                chroot: ""
                username: ""
                pidfile: ""
                directory: "\(directory.path)"
                do-not-query-localhost: no
                access-control: 127.0.0.0/8 allow
                module-config: "\(validates ? "validator " : "")iterator"
                \(validates ? "trust-anchor-file: \"\(laboratory.anchorFile)\"" : "")
                msg-cache-size: 64m
                rrset-cache-size: 64m
                local-zone: "test." nodefault
            remote-control:
                control-enable: no
            forward-zone:
                name: "."
                forward-addr: \(upstream.host)@\(upstream.port)
            """
        process = try ChildProcess(
            "taskset",
            arguments: [
                "-c", "\(core)", "unbound", "-d", "-c", try directory.write(configuration, to: "unbound.conf"),
            ], logFile: directory.path(of: "log"))
        self.directory = directory
        try process.wait(for: "listeners", within: .seconds(10)) { [plain, tls, https] in
            plain.accepts && tls.accepts && https.accepts
        }
    }

    var usage: ProcessUsage { ProcessUsage(group: process.identifier) }

    var log: String { process.log }

    func stop() { process.stop(within: .seconds(3)) }
}
