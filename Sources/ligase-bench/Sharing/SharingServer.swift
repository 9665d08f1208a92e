internal import EventLoops
internal import Glibc
internal import TestSupport

/// An initiating server alone on its core, with a component for each of its sender domains.
final class SharingServer {
    private static let secret = "bench-secret"

    let initiator: SharingInitiator
    private let process: ChildProcess
    private let laboratory: SharingLaboratory
    private var components: [String: ComponentPeer] = [:]

    init(_ initiator: SharingInitiator, in laboratory: SharingLaboratory) throws {
        guard let place = laboratory.places[initiator] else { throw BenchmarkFailure("\(initiator) has no place") }
        self.initiator = initiator
        self.laboratory = laboratory
        let directory = laboratory.directory
        let name = initiator.rawValue
        let command: [String]
        if initiator.isProsody {
            try directory.makeDirectory("\(name)-data")
            let text = Self.prosody(name, at: place, in: laboratory)
            command = ["prosody", "-F", "--config", try directory.write(text, to: "\(name).cfg.lua")]
        } else {
            let text = Self.ligase(name, at: place, in: laboratory)
            command = [
                try "\(Program.directoryOfThisProgram())/ligased", "--config",
                try directory.write(text, to: "\(name).toml"),
            ]
        }
        process = try ChildProcess(
            "taskset", arguments: ["-c", "\(CoreAssignment.server)"] + command,
            environment: ["HOME": directory.path], logFile: directory.path(of: "\(name).log"))
        try process.wait(for: "listeners", within: .seconds(60)) {
            place.component.accepts && place.endpoint.accepts
        }
        let address = try SocketAddress("\(place.component)")
        laboratory.loop.run {
            for domain in place.domains {
                let peer = ComponentPeer(domain, secret: Self.secret) { _ in }
                components[domain] = peer
                peer.start(at: address, on: laboratory.loop)
            }
        }
        try wait("the components to connect") { components.values.allSatisfy(\.isConnected) }
    }

    func stop() {
        laboratory.loop.run { for peer in components.values { peer.wire?.connection.abort() } }
        process.stop(within: .seconds(3))
    }

    /// Processor time so far, seconds.
    var processorSeconds: Double { ProcessUsage(group: process.identifier).processorSeconds }

    /// How long the first stanza of a pair takes from the component to the receiving server, seconds.
    func measure(_ number: Int, _ which: SharingCase) throws -> Double {
        let (sender, target) = SharingNames.pair(number, which, of: initiator)
        let facts = laboratory.facts
        facts.begin()
        let start = laboratory.loop.run { () -> LoopTime in
            let start = LoopTime.current
            components[sender]?.wire?.write("<presence from='user@\(sender)' to='user@\(target)'/>")
            return start
        }
        try wait("a stanza from \(sender) to \(target)") { facts.arrived != nil }
        let elapsed = (facts.arrived ?? start) - start
        return elapsed.inSeconds
    }

    private func wait(_ awaited: String, until condition: () -> Bool) throws {
        let awaited = "\(awaited), \(initiator)"
        try Bench.wait(for: "\(awaited): \(process.log.suffix(1500))", within: .seconds(30), every: .microseconds(500))
        {
            guard process.isRunning else {
                throw BenchmarkFailure("\(awaited): the server ended: \(process.log.suffix(1500))")
            }
            return laboratory.loop.run(condition)
        }
    }

    // MARK: - Configurations

    private static func ligase(_ name: String, at place: SharingPlace, in laboratory: SharingLaboratory) -> String {
        """
        state_directory = "\(name)-state"
        [log]
        level = "error"
        [listen]
        s2s = ["\(place.endpoint)"]
        s2s_direct_tls = []
        component = ["\(place.component)"]
        http = []
        control = "\(name).sock"
        [tls]
        certificate = "\(name).pem"
        private_key = "\(name).key"
        trust_anchors = "authority.pem"
        [runtime]
        event_loops = 1
        [federation]
        prooftypes = ["pkix"]
        dane = "off"
        [limits]
        streams_per_address = 0
        handshakes_per_second_per_address = 0
        [dns]
        servers = ["\(laboratory.nameServerAddress)"]
        validation = "off"

        """ + place.domains.map { "[[domain]]\nname = \"\($0)\"\nsecret = \"\(secret)\"\n" }.joined()
    }

    private static func prosody(_ name: String, at place: SharingPlace, in laboratory: SharingLaboratory) -> String {
        let directory = laboratory.directory.path
        return """
            run_as_root = true
            data_path = "\(directory)/\(name)-data"
            log = { warn = "*console" }
            modules_enabled = { "tls", "saslauth", "s2s", "s2s_auth_certs", "dialback" }
            modules_disabled = { "c2s", "offline", "posix" }
            interfaces = { "\(place.endpoint.address)" }
            c2s_ports = {}
            s2s_ports = { \(place.endpoint.port) }
            s2s_direct_tls_ports = {}
            component_interfaces = { "\(place.component.address)" }
            component_ports = { \(place.component.port) }
            s2s_secure_auth = true
            s2s_require_encryption = true
            ssl = { certificate = "\(directory)/\(name).pem", key = "\(directory)/\(name).key",
                cafile = "\(directory)/authority.pem", capath = false }
            unbound = { resolvconf = false, hoststxt = false,
                forward = { "\(laboratory.nameServerAddress.replacing(":", with: "@"))" },
                options = { ["do-not-query-localhost:"] = "no" } }
            VirtualHost "unused.example"

            """ + place.domains.map { "Component \"\($0)\"\n    component_secret = \"\(secret)\"\n" }.joined()
    }
}
