internal import Assembly
internal import Configuration
internal import DNSMessages
internal import EventLoops
internal import Federation
internal import Glibc
internal import Prooftypes
internal import TransportSecurity
internal import XMPPModel

/// The daemons of a demonstration with all that they need: certificates, name servers, configurations and a folder.
final class Stage: Sendable {
    /// A player on the stage.
    struct Presence: Sendable {
        let player: Player
        let daemon: EmbeddedDaemon
        let controlSocket: String
        /// Where it takes connections from other servers; nil when nowhere.
        let listening: String?
        let nameServer: EmbeddedNameServer
        /// What it presents.
        let certificate: PeerCertificate
    }

    /// Who it is in the account to whom the web server's visitors happen.
    static let webServerName = "web"

    let folder: StageFolder
    let presences: [Presence]
    private let web: StageWeb?
    /// The descriptors of the daemons' logs.
    private let logs: [Int32]

    /// Sets the stage: every daemon serves, and DNS knows where. On failure nothing is left.
    ///
    /// - Parameters:
    ///   - folder: Belongs to the stage from now on, which removes it in the end.
    ///   - observe: Is told what happens, from any thread.
    /// - Throws: ``StageFailure``.
    static func set(
        _ players: [Player], in folder: StageFolder,
        observe: @escaping @Sendable (_ player: String, Incident.Event) -> Void
    ) async throws(StageFailure) -> Stage {
        var presences: [Presence] = []
        var logs: [Int32] = []
        var web: StageWeb?
        do throws(StageFailure) {
            let certificates = try StageCertificates(now: Int64(time(nil)))
            try folder.write(certificates.trustAnchor, to: "authority.pem")
            let zones = try signedZones(of: players)
            try folder.write(zones.anchorText.utf8, to: "root.key")
            web = try StageWeb(of: players, certificates) { observe(Self.webServerName, .visit($0)) }
            for player in players {
                let log = try Self.openLog(of: player, in: folder)
                logs.append(log)
                presences.append(
                    try Self.prepare(player, certificates, zones.root, web, folder, log) { observe(player.name, $0) })
            }
            try publish(zones, certificates, at: presences)
            try web?.publish(for: presences)
            for presence in presences { try await start(presence) }
        } catch {
            await Stage(folder: folder, presences: presences, web: web, logs: logs).clear()
            throw error
        }
        return Stage(folder: folder, presences: presences, web: web, logs: logs)
    }

    private init(folder: StageFolder, presences: [Presence], web: StageWeb?, logs: [Int32]) {
        self.folder = folder
        self.presences = presences
        self.web = web
        self.logs = logs
    }

    /// Has a domain of a player's send a message.
    func send(_ scene: Scene) {
        let stanza = scene.stanza
        guard let presence = presences.first(where: { $0.player.name == scene.message.player }),
            let domain = stanza.senderDomain
        else { return }
        presence.daemon.service.submit([stanza], from: domain)
    }

    /// Ends the daemons in order, and removes everything.
    func clear() async {
        await withTaskGroup(of: Void.self) { group in
            for presence in presences { group.addTask { await presence.daemon.stop() } }
        }
        for presence in presences { presence.nameServer.stop() }
        web?.stop()
        for log in logs { close(log) }
        folder.remove()
    }

    // MARK: - Setting up

    private static func openLog(of player: Player, in folder: StageFolder) throws(StageFailure) -> Int32 {
        let path = try folder.makeFolder(player.name) + "/ligased.log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(path: path, reason: String(cString: strerror(errno))) }
        return descriptor
    }

    private static func prepare(
        _ player: Player, _ certificates: StageCertificates, _ root: [EmbeddedZone], _ web: StageWeb?,
        _ folder: StageFolder, _ log: Int32,
        observe: @escaping @Sendable (Incident.Event) -> Void
    ) throws(StageFailure) -> Presence {
        let nameServer: EmbeddedNameServer
        do throws(NameServerFailure) {
            nameServer = try EmbeddedNameServer(zones: root) { observe(.lookup($0, $1)) }
        } catch {
            throw .nameServer(reason: "\(error)")
        }
        let configuration = StageConfiguration(
            player: player, folder: folder.path + "/" + player.name, trustAnchors: folder.path + "/authority.pem",
            signedRoot: folder.path + "/root.key", nameServer: nameServer.address.description,
            web: web)
        let issued = try certificates.issue(for: player)
        try folder.write(issued.chainPEM, to: player.name + "/certificate.pem")
        try folder.write(issued.privateKeyPEM, to: player.name + "/key.pem")
        try folder.write(configuration.text.utf8, to: player.name + "/ligase.toml")
        do throws(ConfigurationErrors) {
            let daemon = try EmbeddedDaemon(
                configuration: configuration.folder + "/ligase.toml", logDescriptor: log
            ) { observe(.federation($0)) }
            let listening = (daemon.addresses(of: "s2s") + daemon.addresses(of: "s2s_direct_tls")).first
            return Presence(
                player: player, daemon: daemon, controlSocket: configuration.controlSocket, listening: listening,
                nameServer: nameServer, certificate: issued.certificate)
        } catch {
            throw .daemon(player: player.name, reasons: error.errors.map(\.description))
        }
    }

    private static func start(_ presence: Presence) async throws(StageFailure) {
        do {
            try await presence.daemon.start()
        } catch {
            throw .daemon(player: presence.player.name, reasons: ["\(error)"])
        }
    }

    private static func signedZones(of players: [Player]) throws(StageFailure) -> StageZones {
        do throws(SignedHierarchyFailure) {
            return try StageZones(of: players, now: Int64(time(nil)))
        } catch {
            throw .nameServer(reason: "\(error)")
        }
    }

    /// Gives every name server the zones of all, and the forgeries.
    private static func publish(
        _ zones: StageZones, _ certificates: StageCertificates, at presences: [Presence]
    ) throws(StageFailure) {
        var places: [StageZones.Place] = []
        for presence in presences {
            guard let listening = presence.listening, let colon = listening.lastIndex(of: ":"),
                let port = UInt16(listening[listening.index(after: colon)...])
            else { continue }
            var place = StageZones.Place(player: presence.player, port: port)
            if presence.player.publication == .keyInDNS {
                // Who diverts connections has a key of its own; the domain's is another.
                let isDiverted = presence.player.entrance == .diversion
                let certificate =
                    isDiverted ? try certificates.issue(for: presence.player).certificate : presence.certificate
                place.key = TLSAPublication.record(for: certificate)
            }
            places.append(place)
        }
        do {
            let published = try zones.zones(of: places)
            let forgeries = try places.flatMap(StageZones.forgeries)
            for presence in presences {
                presence.nameServer.replaceZones(published)
                for (name, record) in forgeries {
                    presence.nameServer.setFault(.forge([record]), for: record.type, at: name)
                }
            }
        } catch {
            throw .nameServer(reason: "\(error)")
        }
    }
}
