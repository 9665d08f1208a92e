internal import Assembly
internal import Demonstration
internal import EventLoops
internal import Federation
internal import Glibc
internal import StreamProtocol
internal import Synchronization
internal import TestSupport
internal import XMPPModel

/// Who receives in `ligase-bench sharing`, in the process of the generator, and what surrounds everybody: an authority and a
/// name server.
final class SharingLaboratory {
    let directory: TemporaryDirectory
    let loop: EventLoop
    let places: [SharingInitiator: SharingPlace]
    let facts = SharingFacts()
    private let nameServer: EmbeddedNameServer
    private let daemon: EmbeddedDaemon

    var nameServerAddress: String { nameServer.address.description }

    init(samples: Int, initiators: [SharingInitiator]) throws {
        directory = try TemporaryDirectory(named: "sharing")
        loop = try EventLoop(name: "generator")
        let directory = directory
        try Self.issueCertificates(initiators, in: directory)
        var senders = SharingZone(SharingNames.senders)
        var places: [SharingInitiator: SharingPlace] = [:]
        for initiator in initiators {
            places[initiator] = try SharingPlace(initiator, samples: samples, zone: &senders)
        }
        self.places = places
        var receivers = SharingZone(SharingNames.receivers)
        let common = try Endpoint.unused(on: LoopbackAddress.unused())
        var endpoints = [common]
        var domains: [String] = []
        func host(_ label: String, at endpoint: Endpoint) {
            receivers.add(label, at: endpoint)
            domains.append(SharingNames.target(label))
        }
        for number in 0..<samples {
            host("e\(number)", at: common)
            for kind in ["d", "f"] {
                // The first server is the one at which further pairs are wanted.
                let endpoint = number == 0 ? common : try Endpoint.unused(on: LoopbackAddress.unused())
                if number > 0 { endpoints.append(endpoint) }
                host("\(kind)\(number)", at: endpoint)
            }
        }
        nameServer = try EmbeddedNameServer(zones: [senders.zone(), receivers.zone()])
        let file = try directory.write(
            """
            state_directory = "receiver-state"
            [log]
            level = "error"
            [listen]
            s2s = [\(endpoints.map { "\"\($0)\"" }.joined(separator: ", "))]
            s2s_direct_tls = []
            component = []
            http = []
            control = "receiver.sock"
            [tls]
            certificate = "receivers.pem"
            private_key = "receivers.key"
            trust_anchors = "authority.pem"
            [runtime]
            event_loops = 1
            [federation]
            prooftypes = ["pkix"]
            dane = "off"
            level = "encrypted"
            [limits]
            streams_per_address = 0
            handshakes_per_second_per_address = 0
            [dns]
            servers = ["\(nameServer.address)"]
            validation = "off"

            """ + domains.map { "[[domain]]\nname = \"\($0)\"\nbackend = \"builtin\"\n" }.joined(), to: "receiver.toml")
        let facts = facts
        let daemon = try EmbeddedDaemon(configuration: file, logDescriptor: STDERR_FILENO) { facts.note($0) }
        try Blocking.wait { try await daemon.start() }
        self.daemon = daemon
    }

    func stop() throws {
        let daemon = daemon
        try Blocking.wait { await daemon.stop() }
        nameServer.stop()
        loop.stop()
    }

    private static func issueCertificates(
        _ initiators: [SharingInitiator], in directory: TemporaryDirectory
    ) throws {
        let authority = try BenchmarkAuthority()
        try authority.write(to: directory)
        try authority.issue("*.\(SharingNames.receivers)").write("receivers", to: directory)
        for initiator in initiators {
            let issued =
                if initiator.isDialledBack {
                    try authority.selfSigned()
                } else {
                    try authority.issue("*.\(initiator.rawValue).\(SharingNames.senders)")
                }
            try issued.write(initiator.rawValue, to: directory)
        }
    }
}

/// Where domains are.
struct SharingZone {
    private let origin: String
    private var text = ""
    private var hosts: Set<String> = []

    init(_ origin: String) { self.origin = origin }

    mutating func add(_ label: String, at endpoint: Endpoint) {
        let host = "h" + endpoint.address.description.replacing(".", with: "-")
        if hosts.insert(host).inserted { text += "\(host) A \(endpoint.address)\n" }
        text += "_xmpp-server._tcp.\(label) SRV 0 0 \(endpoint.port) \(host)\n"
    }

    func zone() throws -> EmbeddedZone { try EmbeddedZone(origin: origin, text: text) }
}

/// The addresses and sender domains of one initiating server.
struct SharingPlace {
    let endpoint: Endpoint
    let component: Endpoint
    let domains: [String]

    init(_ initiator: SharingInitiator, samples: Int, zone: inout SharingZone) throws {
        endpoint = try Endpoint.unused(on: LoopbackAddress.unused())
        component = try Endpoint.unused(on: endpoint.address, besides: endpoint)
        domains = SharingNames.senders(of: initiator, samples: samples)
        for name in domains { zone.add(String(name.dropLast(SharingNames.senders.utf8.count + 1)), at: endpoint) }
    }
}

/// What the receiving server tells.
final class SharingFacts: Sendable {
    private struct State {
        var arrived: LoopTime?
        var accepted = 0
        var initiated = 0
    }

    private let state = Mutex(State())

    func note(_ fact: FederationFact) {
        state.withLock { state in
            switch fact {
            case .received: if state.arrived == nil { state.arrived = LoopTime.current }
            case .connected(_, let role, _, _):
                if role == .initiating { state.initiated += 1 } else { state.accepted += 1 }
            default: break
            }
        }
    }

    func begin() {
        state.withLock { $0.arrived = nil }
    }

    var arrived: LoopTime? { state.withLock { $0.arrived } }
    var connections: (accepted: Int, initiated: Int) { state.withLock { ($0.accepted, $0.initiated) } }
}
