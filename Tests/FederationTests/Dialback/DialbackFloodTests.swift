import Diagnostics
import Federation
import Synchronization
import TestSupport
import Testing
import TransportSecurity

/// Whoever asks for more than his share of what dialback costs us.
@Suite("floods of dialback")
struct DialbackFloodTests {
    /// Counts what the daemon dials.
    private final class Dials: Sendable {
        private let count = Atomic<Int>(0)

        var total: Int { count.load(ordering: .relaxed) }

        func note(_ fact: FederationFact) {
            if case .dialling = fact { count.add(1, ordering: .relaxed) }
        }
    }

    private static func records(_ count: Int, at endpoint: Endpoint) -> String {
        (0..<count).map { "_xmpp-server._tcp.d\($0) SRV 0 0 \(endpoint.port) many" }.joined(separator: "\n")
            + "\nmany A \(endpoint.address)"
    }

    /// A server at an address of its own that dials us, brought to the features under TLS.
    private static func calling(
        _ stage: DialbackStage, from source: LoopbackAddress, as domain: String = "b.example"
    ) throws -> Peer {
        let peer = try Peer(dialling: stage.node.s2s, from: source)
        try peer.open(from: domain, to: "a.example")
        try peer.send(Peer.startTLS)
        try peer.read(until: Peer.proceed)
        try peer.secure(presenting: nil)
        try peer.openForDialback(from: domain, to: "a.example")
        return peer
    }

    // MARK: - Questions to us

    @Test func `DB-25, DO-06: a stranger is answered a thousand times, and then sent away`() async throws {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.calling()
            let (other, _) = try stage.calling(from: "c.example")
            let question = Peer.verify("x", from: "b.example", to: "a.example", id: "y")
            for _ in 0..<50 { try peer.send(String(repeating: question, count: 20)) }
            try other.send(question)
            #expect(try other.readDialback("verify").verdict == "invalid")
            for _ in 0..<1000 { #expect(try peer.readDialback("verify").verdict == "invalid") }
            try peer.send(question)
            #expect(try peer.readToEnd().contains("<policy-violation"))
            #expect(stage.isUntouched && stage.node.log.utf8.count < 100_000)
        }
    }

    @Test func `DB-25, DB-26: a proved server is answered as often as it asks, and stanzas pass meanwhile`()
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.proved()
            let question = Peer.verify("x", from: "b.example", to: "a.example", id: "y")
            let (rounds, questions) = (30, 100)
            for round in 0..<rounds {
                try peer.send(
                    String(repeating: question, count: questions)
                        + Peer.message("u@b.example", "x@a.example", "\(round)"))
                for _ in 0..<questions { try peer.readDialback("verify") }
            }
            for round in 0..<rounds { #expect(try stage.component.receive().text(of: "body") == "\(round)") }
            #expect(stage.node.log.utf8.count < 100_000)
        }
    }

    // MARK: - Dials

    /// Everything that a number of strangers may have pending, each for a domain of its own at a server that never answers.
    private static func flood(_ stage: DialbackStage, streams: Int, from source: (Int) -> LoopbackAddress) throws
        -> [Peer]
    {
        var peers: [Peer] = []
        for number in 0..<streams {
            let peer = try calling(stage, from: source(number))
            let requests = (0..<20).map { Peer.result("key", from: "d\(number * 16 + $0).example", to: "a.example") }
            try peer.send(requests.joined())
            // What is more than may be pending is refused at once.
            for _ in 0..<4 { #expect(try peer.readDialback("result").verdict == "error resource-constraint") }
            peers.append(peer)
        }
        return peers
    }

    /// Each domain has a connection of its own, as if each had a server of its own.
    private static let alone = "piggybacking = false"

    /// No dial ends while they are counted, however slow the machine is.
    private static let patience = "[timeouts]\ndialback = 600\nnegotiation = 600\nconnect = 600"

    @Test(arguments: [1, 2])
    func `DO-06, DB-26: keys of many domains from one address make few connections, and others are proved meanwhile`(
        loops: Int
    ) async throws {
        try await script {
            let silent = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let dials = Dials()
            let stage = try DialbackStage(
                Self.records(400, at: silent.endpoint), federation: Self.alone, settings: Self.patience, loops: loops,
                observe: { dials.note($0) })
            let stranger = LoopbackAddress.unused()
            let flood = try Self.flood(stage, streams: 20) { _ in stranger }
            let questions = stage.node.counts?.dialbackQuestions ?? 0
            #expect(questions > 32 && questions <= (32 + 256) * loops)
            #expect(dials.total <= 32 * loops)
            // Proving another peer needs one more.
            let guest = try Self.calling(stage, from: LoopbackAddress.unused())
            try guest.send(Peer.result("key", from: "b.example", to: "a.example"))
            let authority = try stage.authority()
            try authority.answerQuestion("valid")
            #expect(try guest.readDialback("result").verdict == "valid")
            #expect(try stage.passes(guest, "on"))
            #expect(dials.total <= 32 * loops + 1 && flood.allSatisfy { !$0.hasEnded })
        }
    }

    @Test func `DO-06: keys from many addresses make no more connections than there may be`() async throws {
        try await script {
            let silent = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let dials = Dials()
            let stage = try DialbackStage(
                Self.records(400, at: silent.endpoint), federation: Self.alone,
                settings: "[timeouts]\nconnect = 60\nnegotiation = 60", observe: { dials.note($0) })
            let flood = try Self.flood(stage, streams: 20) { _ in LoopbackAddress.unused() }
            #expect(eventually(within: .seconds(10)) { dials.total == 256 })
            #expect(stage.node.counts?.dialbackQuestions == 20 * 16 && flood.allSatisfy { !$0.hasEnded })
            // What needs no connection goes on.
            let guest = try stage.secured(presenting: Network.issue("b.example"))
            try guest.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            #expect(try stage.passes(guest, "on") && dials.total == 256)
        }
    }

    @Test(arguments: [1, 2])
    func `DO-06, PS-01: keys of many domains that DNS leads to one silent server make one dial`(
        loops: Int
    ) async throws {
        try await script {
            let silent = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let dials = Dials()
            let stage = try DialbackStage(
                Self.records(400, at: silent.endpoint), settings: Self.patience, loops: loops,
                observe: { dials.note($0) })
            let flood = try Self.flood(stage, streams: 4) { _ in LoopbackAddress.unused() }
            let guest = try stage.secured(presenting: Network.issue("b.example"))
            try guest.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            #expect(try stage.passes(guest, "on") && dials.total == 1)
            #expect(flood.allSatisfy { !$0.hasEnded })
        }
    }

    /// A stranger with a name for each key, and servers that answer at once: what he costs is bounded too.
    @Test func `DO-06, DB-14: connections that were made for questions do not pile up while they rest`() async throws {
        try await script {
            let stage = try DialbackStage()
            let domains = (0..<100).map { "d\($0).example" }
            let many = try Node("many", domains.map { .component($0) }, in: stage.network)
            let place = stage.listener.endpoint
            try stage.network.setZone(
                "_xmpp-server._tcp.b SRV 0 0 \(place.port) host\nhost A \(place.address)\n"
                    + Self.records(100, at: many.s2s))
            let (peer, authority) = try stage.proved()
            var most = 0
            for domain in domains {
                #expect(try peer.prove(domain, to: "a.example").verdict == "error forbidden")
                most = max(most, stage.node.counts?.streams ?? 0)
            }
            // His own stream, and what one address may have.
            #expect(most <= 1 + 32, "\(most)")
            #expect(try stage.passes(peer, "on") && !authority.hasEnded)
        }
    }
}
