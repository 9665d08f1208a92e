import Administration
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Two whole daemons with several domains each, and as few connections between them as will do.
@Suite("connections between servers with many domains")
struct SharedStreamTests {
    /// Two daemons that find each other by DNS, and components for all their domains.
    private final class Stage {
        let network: Network
        let a: Node
        let b: Node
        let senders: [ComponentClient]
        let recipients: [ComponentClient]
        let domains: (own: [String], remote: [String])

        /// - Parameter separate: Whether the remote domains have certificates of their own, so that the server's proves
        ///   only the one that it is dialled for.
        init(
            own: Int, remote: Int, loops: Int, separate: Bool = false, settings: String = "", limits: String? = nil,
            remoteLimits: String? = nil, hasBothDirections: Bool = false
        ) throws {
            let own = (0..<own).map { "t\($0).example" }
            let remote = (0..<remote).map { "r\($0).example" }
            domains = (own, remote)
            network = try Network()
            let federation = "[federation]\nprooftypes = [\"pkix\"]\n"
            a = try Node(
                "a", own.map { .component($0) }, in: network, loops: loops, settings: federation + settings,
                limits: limits, hasBothDirections: hasBothDirections)
            b = try Node(
                "b", remote.map { separate ? .separate($0) : .component($0) }, in: network, loops: loops,
                settings: federation, limits: remoteLimits, hasBothDirections: hasBothDirections)
            func records(_ node: Node, _ count: Int, _ letter: String) -> String {
                (0..<count).map { "_xmpp-server._tcp.\(letter)\($0) SRV 0 0 \(node.s2s.port) host-\(letter)\n" }
                    .joined()
                    + "host-\(letter) A \(node.address)\n"
            }
            try network.setZone(records(a, own.count, "t") + records(b, remote.count, "r"))
            senders = try own.map { [a] in try a.connect($0) }
            recipients = try remote.map { [b] in try b.connect($0) }
        }

        /// Sends from one domain to another, either of which may be a remote one, and reads what arrives.
        func send(_ from: (ComponentClient, String), _ to: (ComponentClient, String), count: Int) throws {
            for number in 0..<count { try from.0.send(Peer.message("x@\(from.1)", "u@\(to.1)", "\(number)")) }
            for number in 0..<count { #expect(try to.0.receive().text(of: "body") == "\(number)") }
        }

        /// Sends from every domain to a remote one, all at once, and reads what arrives.
        func exchange(to index: Int, count: Int) throws {
            let remote = domains.remote[index]
            for number in 0..<count {
                for (sender, own) in zip(senders, domains.own) {
                    try sender.send(Peer.message("x@\(own)", "u@\(remote)", "\(number)"))
                }
            }
            var next: [String: Int] = [:]
            for _ in 0..<(count * senders.count) {
                let message = try recipients[index].receive()
                let from = message.attribute("from") ?? ""
                // RT-04: in order for each pair.
                #expect(message.text(of: "body") == "\(next[from, default: 0])")
                next[from, default: 0] += 1
            }
            #expect(next.count == senders.count)
        }

        var associations: [AssociationSummary] {
            let service = a.service
            return (wait { await service.associations(with: nil) } ?? []).filter { $0.direction == .outbound }
        }
    }

    @Test(arguments: [1, 2])
    func `PA-01, RT-05: twelve domains that write to one at once share a connection`(loops: Int) async throws {
        try await script {
            let stage = try Stage(own: 12, remote: 1, loops: loops)
            try stage.exchange(to: 0, count: 20)
            #expect(stage.a.metric(.streamsOpened) == 1)
            #expect(stage.b.metric(.streamsAccepted) == 1)
            #expect(stage.associations.count == 12)
            #expect(Set(stage.associations.map(\.stream)).count == 1)
            #expect(stage.associations.count { $0.mechanism == "assertion" } == 11)
            #expect(stage.a.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: [1, 2, 3])
    func `PS-01, PS-02, PS-04: eight remote domains at one server share a connection, whichever loops own them`(
        loops: Int
    ) async throws {
        try await script {
            let stage = try Stage(own: 3, remote: 8, loops: loops)
            for index in 0..<8 { try stage.exchange(to: index, count: 20) }
            #expect(stage.a.metric(.streamsOpened) == 1)
            #expect(stage.associations.count == 24)
            #expect(Set(stage.associations.map(\.mechanism)) == ["server-identity", "assertion", "supposition"])
            #expect(stage.a.metric(.stanzasBounced) == 0)
            // DB-08: what ends takes nothing along, and is made again.
            let service = stage.a.service
            for stream in Set(stage.associations.compactMap(\.stream)) {
                _ = wait { await service.close(.stream(stream)) }
            }
            for index in 0..<8 { try stage.exchange(to: index, count: 5) }
            #expect(stage.a.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: [1, 2])
    func `PS-01: of eight domains at one server that are written to at once one is dialled`(loops: Int) async throws {
        try await script {
            let stage = try Stage(own: 1, remote: 8, loops: loops)
            let messages = stage.domains.remote.map { Peer.message("x@t0.example", "u@\($0)", "hello") }
            try stage.senders[0].send(messages.joined())
            for recipient in stage.recipients { #expect(try recipient.receive().text(of: "body") == "hello") }
            #expect(stage.a.metric(.streamsOpened) == 1)
        }
    }

    @Test(arguments: [1, 2, 3])
    func `BI-04, BI-05, BI-08: what comes back uses the same connection for its pair, and one for all others`(
        loops: Int
    ) async throws {
        try await script {
            let stage = try Stage(own: 3, remote: 3, loops: loops, hasBothDirections: true)
            let own = Array(zip(stage.senders, stage.domains.own))
            let remote = Array(zip(stage.recipients, stage.domains.remote))
            try stage.send(own[0], remote[0], count: 20)
            // The inverse of the pair that was proved, then pairs that share a stream of the peer's.
            for index in 0..<3 { try stage.send(remote[index], own[0], count: 20) }
            for index in 0..<3 { try stage.send(own[index], remote[index], count: 20) }
            for index in 0..<3 { try stage.send(remote[index], own[index], count: 20) }
            #expect(stage.a.metric(.streamsOpened) == 1)
            #expect(stage.b.metric(.streamsOpened) == 1)
            #expect(stage.a.metric(.stanzasBounced) + stage.b.metric(.stanzasBounced) == 0)
            // RT-04: what was on it finds a new way when it ends.
            let service = stage.b.service
            let remoteDomain = try DomainName("r0.example")
            _ = wait { await service.close(.domain(remoteDomain)) }
            for index in 0..<3 { try stage.send(remote[index], own[index], count: 20) }
            #expect(stage.a.metric(.stanzasBounced) + stage.b.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: [1, 2])
    func `PS-02: a server whose certificate does not prove the next domain is dialled for it`(loops: Int) async throws {
        try await script {
            let stage = try Stage(own: 2, remote: 3, loops: loops, separate: true)
            for index in 0..<3 { try stage.exchange(to: index, count: 5) }
            #expect(stage.a.metric(.streamsOpened) == 3)
            #expect(stage.a.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: ["piggybacking = false\n", "[[remote]]\nname = \"r0.example\"\npiggybacking = false\n"])
    func `PA-01: without piggybacking each pair has its own connection`(settings: String) async throws {
        try await script {
            let stage = try Stage(own: 3, remote: 1, loops: 2, settings: settings)
            try stage.exchange(to: 0, count: 5)
            #expect(stage.a.metric(.streamsOpened) == 3)
        }
    }

    @Test(arguments: [true, false])
    func `DB-22: pairs above the limit of a stream get a further one`(isOurs: Bool) async throws {
        try await script {
            let limits = "streams_per_address = 0\nhandshakes_per_second_per_address = 0\npairs_per_stream = 2"
            let stage = try Stage(
                own: 5, remote: 1, loops: 1, limits: isOurs ? limits : nil, remoteLimits: isOurs ? nil : limits)
            try stage.exchange(to: 0, count: 5)
            #expect(stage.a.metric(.streamsOpened) == 3)
            #expect(stage.a.metric(.stanzasBounced) == 0)
        }
    }
}
