import TestSupport

/// What surrounds the servers of one test: a directory, an authority, a name server, and a place for each server.
///
/// The zone stands in the scenario's numbered folder beside this file, with places to fill in. So do the servers'
/// configurations where a scenario needs its own; the others are in the folder `common`.
final class TestNetwork {
    let directory: TemporaryDirectory
    let nameServer: NameServer
    private let scenario: String
    private let places: [ServerPlace]
    private let values: [String: String]

    /// Prepares everything; starts no server but the name server.
    ///
    /// - Parameters:
    ///   - scenario: The name of the scenario's folder.
    ///   - zone: The name of the zone file in that folder.
    ///   - authority: Whom the servers trust.
    ///   - hasDialback: Whether the foreign servers have dialback take the place of a certificate.
    ///   - extra: What else zone and configurations have places for, or other values for those.
    ///   - places: Where the servers are to stand.
    init(
        scenario: String, zone: String = "zone", authority: CertificateAuthority, hasDialback: Bool = false,
        values extra: [String: String] = [:], places: ServerPlace...
    ) throws {
        self.scenario = scenario
        directory = try TemporaryDirectory()
        self.places = places
        var values = [
            "directory": directory.path, "authority": authority.certificate,
            "prosody.modules": hasDialback ? ", \"dialback\"" : "", "prosody.secure_auth": "\(!hasDialback)",
            "ejabberd.modules": hasDialback ? "{mod_s2s_dialback: {}}" : "{}",
        ]
        values.merge(extra) { $1 }
        for place in places { values.merge(place.templateValues) { first, _ in first } }
        nameServer = try NameServer(zone: Template(file: Self.path(of: zone, for: scenario)).filled(with: values))
        values["name_server.address"] = nameServer.endpoint.address.description
        values["name_server.port"] = "\(nameServer.endpoint.port)"
        self.values = values
    }

    func startProsody() throws -> ProsodyServer {
        try ProsodyServer(at: place("prosody"), configuration: file("prosody.cfg.lua"), in: directory)
    }

    func startEjabberd() throws -> EjabberdServer {
        try EjabberdServer(
            at: place("ejabberd"), configuration: file("ejabberd.yml"), nameServer: nameServer.endpoint, in: directory)
    }

    func startLigase() throws -> LigaseServer {
        try LigaseServer(configuration: file("ligase.toml"), in: directory)
    }

    /// Runs a part of a test; if it throws, the failure shows the ends of the servers' logs.
    func showingLogs(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw LoggedFailure(error: error, logs: logs)
        }
    }

    /// The ends of the servers' logs, and what the name server was asked.
    private var logs: String {
        var text = "questions: \(nameServer.questions.joined(separator: ", "))\n"
        for name in ["ligase.log", "prosody.log", "ejabberd.log"] {
            let lines = contents(ofFile: directory.path(of: name)).split(separator: "\n")
            guard !lines.isEmpty else { continue }
            text += "--- \(name)\n" + lines.suffix(80).map { $0.prefix(500) }.joined(separator: "\n") + "\n"
        }
        return text
    }

    private func place(_ name: String) throws -> ServerPlace {
        guard let place = places.first(where: { $0.name == name }) else {
            throw HarnessFailure.malformed("no place for \(name)")
        }
        return place
    }

    /// A file of the scenario, or the common one of that name, filled in.
    func file(_ name: String) throws -> String {
        try Template(file: Self.path(of: name, for: scenario)).filled(with: values)
    }

    static func path(of name: String, for scenario: String) -> String {
        let thisFile = #filePath
        let folder = thisFile[..<(thisFile.lastIndex(of: "/") ?? thisFile.endIndex)]
        let special = "\(folder)/\(scenario)/\(name)"
        return contents(ofFile: special).isEmpty ? "\(folder)/common/\(name)" : special
    }
}
