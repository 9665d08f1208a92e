import Demonstration
import Diagnostics
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Federation

/// A server with several domains that leaves in the middle of it, while pairs wait for it on both loops.
@Suite("servers that disappear while pairs wait on several loops")
struct DisappearanceTests {
    /// A daemon with two components on two loops, and six domains at one server.
    private final class Stage {
        let network: Network
        let node: Node
        let senders: [ComponentClient]
        let server: HostingServer
        private(set) var bounced: [String: Int] = [:]

        static let own = ["a.example", "rooms.example"]
        static let remote = (0..<6).map { "d\($0).example" }
        static var pairs: Int { own.count * remote.count }

        let issued: IssuedCertificate

        init(hasBothDirections: Bool = false) throws {
            network = try Network()
            let listener = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let records = (0..<6).map { "_xmpp-server._tcp.d\($0) SRV 0 0 \(listener.endpoint.port) host\n" }
            try network.setZone(records.joined() + "host A \(listener.endpoint.address)\n")
            issued = try Network.issue("d0.example") { $0.names = Self.remote.map { .dns($0) } }
            server = HostingServer(on: listener, with: issued)
            node = try Node(
                "a", Self.own.map { .component($0) }, in: network, loops: 2,
                settings: "[federation]\nprooftypes = [\"pkix\"]\n[timeouts]\nclose = 1\nretry_after_failure = []",
                hasBothDirections: hasBothDirections)
            senders = try Self.own.map { [node] in try node.connect($0) }
        }

        /// One stanza of each pair, all at once.
        func send() throws {
            for (sender, own) in zip(senders, Self.own) {
                let stanzas = Self.remote.map { remote in
                    "<message from='x@\(own)' to='u@\(remote)' id='\(own) \(remote)' type='chat'>"
                        + "<body>\(own) \(remote)</body></message>"
                }
                try sender.send(stanzas.joined())
            }
        }

        /// Whether every stanza has been delivered or has come back.
        func isComplete() -> Bool {
            for sender in senders {
                for error in (try? sender.receiveNothingMore()) ?? [] { note(error) }
            }
            return told >= Self.pairs
        }

        /// Takes what comes back until everything has been told of.
        func receiveRest() throws {
            for sender in senders {
                while told < Self.pairs, let error = try? sender.receive(within: .seconds(1)) { note(error) }
            }
        }

        private var told: Int { server.received.values.reduce(0, +) + bounced.values.reduce(0, +) }

        private func note(_ error: ReceivedElement) {
            guard error.name == "message" else { return }
            bounced[error.attribute("id") ?? "", default: 0] += error.attribute("type") == "error" ? 1 : 0
        }

        /// Whether nothing is left of streams, pairs and stanzas.
        func isClean() -> Bool {
            guard let counts = node.counts, let servers = node.shared?.servers else { return false }
            return counts.streams + counts.associations + counts.queuedStanzas + counts.queuedBytes == 0
                && counts.pairsBeingProved + counts.dialbackQuestions == 0
                && servers.counts.servers + servers.counts.dials == 0 && node.sharingRemains == 0
        }

        /// How often each stanza was delivered or came back.
        var fates: [String: Int] { server.received.merging(bounced, uniquingKeysWith: +) }
    }

    @Test(arguments: HostingServer.Step.allCases, HostingServer.Manner.allCases)
    func `DB-08, RT-04, DO-06: wherever it leaves each stanza is delivered or comes back once, and nothing stays`(
        step: HostingServer.Step, manner: HostingServer.Manner
    ) async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            try stage.server.leave(at: step, by: manner)
            let isComplete = stage.server.serve(within: .seconds(30)) { stage.isComplete() }
            #expect(isComplete, "\(stage.fates)")
            #expect(stage.fates.count == Stage.pairs && stage.fates.values.allSatisfy { $0 == 1 }, "\(stage.fates)")
            // At most the pairs with the domain that was dialled have come back.
            #expect(stage.bounced.count <= Stage.own.count)
            let servers = try #require(stage.node.shared).servers
            // PS-03: it closed over no pair that it had been asked for.
            if step != .established, step != .asked { #expect(servers.counts.closers == 0) }
            stage.server.close()
            let isClean = eventually(within: .seconds(15)) { stage.isClean() }
            #expect(isClean, "\(String(describing: stage.node.counts)), \(servers.counts)")
            // Nothing is waited for, be it from another loop.
            let start = ContinuousClock.now
            stage.node.drain()
            #expect(ContinuousClock.now - start < .seconds(4))
            #expect(stage.isComplete() && stage.fates.values.allSatisfy { $0 == 1 })
        }
    }

    @Test(arguments: [1, 2, 6])
    func `BI-04, RT-04, XS-17: whoever leaves a stream of both directions in order loses nothing`(
        pairs: Int
    ) async throws {
        try await script {
            let stage = try Stage(hasBothDirections: true)
            let peer = try Peer(dialling: stage.node.s2s)
            try peer.open(from: "d0.example", to: "a.example")
            try peer.send(Peer.startTLS)
            try peer.read(until: Peer.proceed)
            try peer.secure(presenting: stage.issued.identity())
            try peer.open(from: "d0.example", to: "a.example", extra: Peer.dialbackNamespace)
            try peer.send("<bidi xmlns='urn:xmpp:bidi'/>" + Peer.auth)
            try peer.read(until: Peer.success)
            try peer.open(from: "d0.example", to: "a.example", extra: Peer.dialbackNamespace)
            // Owned by either loop, the stream being on one.
            for remote in Stage.remote[1..<pairs] {
                for own in Stage.own { #expect(try peer.prove(remote, to: own).verdict == "valid") }
            }
            try stage.send()
            try peer.send("</stream:stream>")
            // What was written before the daemon's own closing tag has arrived.
            stage.server.note(try peer.readToEnd())
            #expect(stage.server.serve(within: .seconds(30)) { stage.isComplete() }, "\(stage.fates)")
            #expect(stage.fates.count == Stage.pairs && stage.fates.values.allSatisfy { $0 == 1 }, "\(stage.fates)")
            stage.server.close()
            #expect(eventually(within: .seconds(15)) { stage.isClean() })
        }
    }

    @Test(arguments: HostingServer.Step.allCases)
    func `XS-24, RT-06: a drain with pairs that wait on both loops ends in time, and every stanza comes back`(
        step: HostingServer.Step
    ) async throws {
        try await script {
            let stage = try Stage()
            try stage.send()
            // It stays, and says nothing more.
            let silent = try stage.server.hold(at: step)
            let start = ContinuousClock.now
            stage.node.drain()
            // A second for the closing tag, and room for a slow machine.
            #expect(ContinuousClock.now - start < .seconds(6))
            try stage.receiveRest()
            #expect(stage.fates.count == Stage.pairs && stage.fates.values.allSatisfy { $0 == 1 }, "\(stage.fates)")
            #expect(stage.server.received.count == (step == .established || step == .asked ? 1 : 0))
            let servers = try #require(stage.node.shared).servers
            #expect(servers.counts.servers + servers.counts.dials + servers.counts.closers == 0)
            withExtendedLifetime(silent) {}
        }
    }
}
