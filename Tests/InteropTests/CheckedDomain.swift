import Demonstration
import Glibc
import TestSupport

/// A foreign server with ports for servers and clients, in a signed zone that has its key, and `ligasectl check` to look
/// at it.
final class CheckedDomain {
    private let directory: TemporaryDirectory
    private let authority: CertificateAuthority
    private let place: ServerPlace
    private let names: EmbeddedNameServer
    private let configuration: String
    private let server: ForeignServer
    // The address that ejabberd asks, for what nobody looks up here.
    private let nameServer: NameServer

    private static let scenario = "18-check"

    init(_ kind: ForeignServer.Kind) throws {
        directory = try TemporaryDirectory()
        authority = try CertificateAuthority()
        let name = kind.rawValue
        place = try ServerPlace(
            named: name, certificate: authority.issue(CertificateRequest(["\(name).example"])))
        let ligase = try authority.issue(CertificateRequest(["ligase.example"]))
        let clients = try Endpoint.unused(on: place.address)
        let clientsDirectTLS = try Endpoint.unused(on: place.address)
        let key = try Program.run(
            "/bin/sh",
            [
                "-c",
                "openssl x509 -in '\(place.certificate.certificate)' -noout -pubkey | "
                    + "openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -c1-64",
            ]
        ).filter { !$0.isWhitespace }
        var values = [
            "directory": directory.path, "authority": authority.certificate, "c2s_port": "\(clients.port)",
            "c2s_direct_tls_port": "\(clientsDirectTLS.port)", "s2s_port": "\(place.s2s.port)",
            "s2s_direct_tls_port": "\(place.s2sDirectTLS.port)", "address": "\(place.address)", "key": key,
            "ligase.certificate": ligase.certificate, "ligase.private_key": ligase.privateKey,
        ].merging(place.templateValues) { first, _ in first }
        func file(_ name: String) throws -> String {
            try Template(file: TestNetwork.path(of: name, for: Self.scenario)).filled(with: values)
        }
        let hierarchy = try SignedHierarchy(
            [.signed("example"), .signed("\(name).example", try file("zone"))], now: Int64(time(nil)))
        names = try EmbeddedNameServer(zones: hierarchy.zones)
        try directory.write(hierarchy.anchorText, to: "root.key")
        values["name_server"] = "\(names.address)"
        configuration = try directory.write(file("ligase.toml"), to: "ligase.toml")
        nameServer = try NameServer(zone: "")
        values["name_server.address"] = nameServer.endpoint.address.description
        values["name_server.port"] = "\(nameServer.endpoint.port)"
        switch kind {
        case .prosody:
            server = .prosody(
                try ProsodyServer(at: place, configuration: file("prosody.cfg.lua"), in: directory))
        case .ejabberd:
            server = .ejabberd(
                try EjabberdServer(
                    at: place, configuration: file("ejabberd.yml"), nameServer: nameServer.endpoint, in: directory))
        }
    }

    deinit { names.stop() }

    /// What `ligasectl check` prints, and how it ends.
    func check(_ arguments: String...) throws -> (text: String, exit: ExitStatus) {
        let log = directory.path(of: "check")
        unlink(log)
        let process = try ChildProcess(
            "\(Program.directoryOfThisProgram())/ligasectl",
            arguments: ["--config", configuration, "check", place.domain] + arguments, logFile: log)
        let exit = try process.waitForExit(within: .seconds(30))
        return (process.log, exit)
    }
}
