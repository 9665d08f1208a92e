import DNSMessages
import Demonstration
import Glibc
import TestSupport

/// A signed hierarchy on nsd, and unbound in front of it, which validates for those who do not say that they do.
///
/// The zones' texts stand in the scenario's numbered folder beside this file.
final class DNSNetwork {
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

    /// What unbound's certificate says that it is.
    static let serverName = "dns.example"

    /// - Parameters:
    ///   - zones: All zones but the root. An empty text stands for the file `NAME.zone`, or for `standard.zone`.
    init(scenario: String, zones: [SignedZone]) throws {
        directory = try TemporaryDirectory()
        hierarchy = try SignedHierarchy(
            zones.map { Self.withText($0, scenario) }, now: Int64(time(nil)))
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
            configuration: Template(file: Self.path(of: "nsd.conf", for: scenario)).filled(with: values),
            in: directory)
        unbound = try UnboundServer(
            at: [clear, tls, https],
            configuration: Template(file: Self.path(of: "unbound.conf", for: scenario)).filled(with: values),
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

    /// The ends of the servers' logs.
    var logs: String {
        ["nsd.log", "unbound.log"].map { name in
            let lines = contents(ofFile: directory.path(of: name)).split(separator: "\n")
            return "--- \(name)\n" + lines.suffix(40).map { $0.prefix(300) }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func withText(_ zone: SignedZone, _ scenario: String) -> SignedZone {
        guard zone.text.isEmpty else { return zone }
        var zone = zone
        zone.text = contents(ofFile: path(of: "\(zone.origin).zone", for: scenario))
        if zone.text.isEmpty { zone.text = contents(ofFile: path(of: "standard.zone", for: scenario)) }
        return zone
    }

    private static func path(of name: String, for scenario: String) -> String {
        let thisFile = #filePath
        let folder = thisFile[..<(thisFile.lastIndex(of: "/") ?? thisFile.endIndex)]
        let special = "\(folder)/\(scenario)/\(name)"
        return contents(ofFile: special).isEmpty ? "\(folder)/common/\(name)" : special
    }
}
