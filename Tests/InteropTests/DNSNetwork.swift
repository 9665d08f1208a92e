import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import Glibc
import NameResolution
import TestSupport

/// A signed hierarchy on nsd, and unbound in front of it, which validates for those who do not say that they do.
///
/// The zones' texts stand in the scenario's numbered folder beside this file.
final class DNSNetwork {
    /// A way to ask unbound.
    enum Channel: String, CaseIterable, Sendable {
        case clear, tls, https
        case httpsByGet = "https, by GET"

        /// How a question travels that is not too large for it.
        var transport: AnswerSource.Transport {
            switch self {
            case .clear: .udp
            case .tls: .tls
            case .https, .httpsByGet: .https
            }
        }
    }

    let directory: TemporaryDirectory
    let hierarchy: SignedHierarchy
    let authority: CertificateAuthority
    let nsd: NsdServer
    let unbound: UnboundServer
    /// Where unbound answers in clear, over UDP and TCP.
    let clear: Endpoint
    /// Where it answers by TLS.
    let tls: Endpoint
    /// Where it answers by HTTPS, at `/dns-query`.
    let https: Endpoint
    private let nsdEndpoint: Endpoint
    private let scenario: String

    /// What unbound's certificate says that it is.
    static let serverName = "dns.example"

    /// - Parameters:
    ///   - zones: All zones but the root. An empty text stands for the file `NAME.zone`, or for `standard.zone`.
    init(scenario: String, zones: [SignedZone]) throws {
        self.scenario = scenario
        directory = try TemporaryDirectory()
        hierarchy = try SignedHierarchy(
            zones.map { try Self.zone($0, of: scenario) }, now: Int64(time(nil)))
        authority = try CertificateAuthority()
        let certificate = try authority.issue(CertificateRequest([Self.serverName]))

        nsdEndpoint = try Endpoint.unused(on: .unused())
        let address = LoopbackAddress.unused()
        clear = try Endpoint.unused(on: address)
        tls = try Endpoint.unused(on: address)
        https = try Endpoint.unused(on: address)
        var (statements, stubs) = ("", "")
        for (number, zone) in hierarchy.zones.map(\.origin).enumerated() {
            let file = "zone-\(number)"
            try directory.write(hierarchy.masterFile(of: zone) ?? "", to: file)
            statements += "zone:\n    name: \"\(zone)\"\n    zonefile: \"\(file)\"\n"
            stubs += "stub-zone:\n    name: \"\(zone)\"\n    stub-addr: \(nsdEndpoint.address)@\(nsdEndpoint.port)\n"
        }
        try directory.write(hierarchy.anchorText, to: "anchor")
        let values = [
            "directory": directory.path, "nsd.address": "\(nsdEndpoint.address)", "nsd.port": "\(nsdEndpoint.port)",
            "nsd.zones": statements, "unbound.stubs": stubs, "unbound.address": "\(address)",
            "unbound.port": "\(clear.port)",
            "unbound.tls_port": "\(tls.port)", "unbound.https_port": "\(https.port)",
            "unbound.certificate": certificate.certificate, "unbound.private_key": certificate.privateKey,
        ]
        nsd = try NsdServer(
            at: nsdEndpoint,
            configuration: Template(file: TestNetwork.path(of: "nsd.conf", for: scenario)).filled(with: values),
            in: directory)
        unbound = try UnboundServer(
            at: [clear, tls, https],
            configuration: Template(file: TestNetwork.path(of: "unbound.conf", for: scenario)).filled(with: values),
            in: directory)
    }

    /// What unbound says, in clear and over TCP, when asked by a client that leaves validation to it.
    func askUnbound(_ name: String, _ type: RecordType) throws -> DNSResponse {
        try PlainQuestion.ask(name, type, at: clear)
    }

    /// What nsd says.
    func askNsd(_ name: String, _ type: RecordType) throws -> DNSResponse {
        try PlainQuestion.ask(name, type, at: nsdEndpoint)
    }

    /// unbound, as our resolver is to ask it; encrypted, it has to prove that it is `serverName`.
    func endpoint(
        _ channel: Channel, serverName: String = DNSNetwork.serverName,
        profile: UpstreamServer.Profile = .strict
    ) throws -> NameServerEndpoint {
        let authentication = ServerAuthentication(
            name: serverName, authorities: .pem(Array(contents(ofFile: authority.certificate).utf8)))
        switch channel {
        case .clear: return .cleartext(try SocketAddress(clear.description))
        case .tls: return .tls(try SocketAddress(tls.description), profile: profile, authentication: authentication)
        case .https, .httpsByGet:
            // Compatibility: unbound 1.17.1 speaks HTTP/2 alone.
            return .https(
                HTTPSServerSettings(host: serverName, port: https.port, method: channel == .https ? .post : .get),
                at: try SocketAddress(https.description),
                profile: profile, authentication: authentication)
        }
    }

    /// What `ligasectl resolve --json` writes, and how it ends.
    func lookUp(_ name: String, _ type: String, over channel: Channel) throws -> (text: String, exit: ExitStatus) {
        let server =
            switch channel {
            case .clear: clear.description
            case .tls: "tls://\(tls)#\(Self.serverName)"
            case .https, .httpsByGet: "https://\(Self.serverName)@\(https)/dns-query"
            }
        let values = [
            "directory": directory.path, "server": server, "authority": authority.certificate,
            "trust_anchor": directory.path(of: "anchor"),
        ]
        let configuration = try directory.write(
            Template(file: TestNetwork.path(of: "ligase.toml", for: scenario)).filled(with: values), to: "ligase.toml")
        let log = directory.path(of: "resolve-\(name)-\(channel.rawValue)")
        let process = try ChildProcess(
            "\(Program.directoryOfThisProgram())/ligasectl",
            arguments: ["--config", configuration, "resolve", name, type, "--json"], logFile: log)
        let exit = try process.waitForExit(within: .seconds(10))
        return (process.log, exit)
    }

    /// Runs a part of a test; if it throws, the failure shows the ends of the servers' logs.
    func showingLogs(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw LoggedFailure(error: error, logs: logs)
        }
    }

    /// The ends of the servers' logs.
    private var logs: String {
        ["nsd.log", "unbound.log"].map { name in
            let lines = contents(ofFile: directory.path(of: name)).split(separator: "\n")
            return "--- \(name)\n" + lines.suffix(40).map { $0.prefix(300) }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// A zone with its text from the scenario's folder: `NAME.zone`, or `standard.zone`.
    static func zone(_ zone: SignedZone, of scenario: String) throws -> SignedZone {
        guard zone.text.isEmpty else { return zone }
        var zone = zone
        zone.text = contents(ofFile: TestNetwork.path(of: "\(zone.origin).zone", for: scenario))
        if zone.text.isEmpty { zone.text = contents(ofFile: TestNetwork.path(of: "standard.zone", for: scenario)) }
        return zone
    }
}
