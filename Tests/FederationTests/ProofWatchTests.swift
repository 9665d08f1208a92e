import Administration
import DNSMessages
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity

/// Streams whose proof rests on records that hold for seconds.
@Suite("proofs that end while a stream lives")
struct ProofWatchTests {
    /// How long the records hold, in seconds.
    private static let life = 2
    private static let patience = Duration.seconds(20)

    private static func record(_ issued: IssuedCertificate) -> String {
        "\(life) \(Network.tlsa(3, 1, of: issued.certificate))"
    }

    private static let wrong = "\(life) \(Network.wrongTLSA)"

    @Test func `PT-06: a proof is renewed while what it rests on is still there`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(DANEStage.records(Self.record(own)))
            #expect(try stage.delivers(to: own))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            let end = try #require(try stage.association(.outbound).expires)
            #expect(try eventually(within: Self.patience) { try stage.association(.outbound).expires != end })
            try stage.send()
            #expect(try stage.peers[0].read(until: "</message>").contains("hello"))
            try peer.send(Peer.message("u@b.example", "x@a.example", "still here"))
            #expect(try stage.component.receive().description.contains("still here"))
        }
    }

    @Test func `DA-08, PT-06: a key that is published in its place ends the streams, and nothing is lost`() async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(DANEStage.records(Self.record(own)))
            #expect(try stage.delivers(to: own))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            try stage.setRecords(DANEStage.records(Self.wrong))
            #expect(try peer.read(until: "</stream:stream>", within: Self.patience).contains("<not-authorized"))
            #expect(
                try stage.peers[0].read(until: "</stream:stream>", within: Self.patience).contains("<not-authorized"))
            #expect(stage.node.log.contains("what the peer was proved by is refuted now"))
            // What is sent now finds the same server, which is refused.
            #expect(try !stage.delivers(to: own))
            #expect(try stage.component.receive().description.contains("matches none of"))
        }
    }

    @Test func `PT-06: a lookup that fails keeps an association until its evidence ends`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(DANEStage.records(Self.record(own)))
            #expect(try stage.delivers(to: own))
            let owner = try DNSName("_\(stage.listener.endpoint.port)._tcp.host.example")
            stage.network.nameServer.setFault(.serverFailure, for: .tlsa, at: owner)
            try stage.send()
            #expect(try stage.peers[0].read(until: "</message>").contains("hello"))
            #expect(try stage.peers[0].read(until: "</stream:stream>", within: Self.patience).contains("<reset"))
        }
    }

    @Test func `PT-06: a roll-over with both keys published disturbs nobody`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let next = try Network.selfSigned("b.example")
            let stage = try DANEStage(DANEStage.records(Self.record(own)))
            #expect(try stage.delivers(to: own))
            let end = try #require(try stage.association(.outbound).expires)
            try stage.setRecords(DANEStage.records(Self.record(own), Self.record(next)))
            #expect(try eventually(within: Self.patience) { try stage.association(.outbound).expires != end })
            try stage.send()
            #expect(try stage.peers[0].read(until: "</message>").contains("hello"))
        }
    }

    @Test func `PT-06: a certificate is proved once more for all its streams together, whichever loops they are on`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            let loops = 4
            let stage = try DANEStage(DANEStage.records(Self.record(own)), loops: loops)
            // Connections go to the loops in turn, and each loop has a resolver of its own here.
            let peers = try (0..<2 * loops).map { _ in
                try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            }
            let service = stage.node.service
            func ends() -> [Timestamp?] { (wait { await service.associations(with: nil) } ?? []).map(\.expires) }
            let first = try #require(ends().compactMap(\.self).max())
            let owner = "_\(stage.listener.endpoint.port)._tcp.host.example TLSA"
            let asked = stage.network.questions.count { $0 == owner }
            #expect(
                eventually(within: Self.patience) {
                    let ends = ends()
                    return ends.count == peers.count && ends.allSatisfy { $0.map { $0 > first } ?? false }
                })
            #expect(stage.network.questions.count { $0 == owner } - asked < loops)
        }
    }

    @Test func `PT-06: another connection is judged anew, by what is remembered of the records`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(DANEStage.records(Network.tlsa(3, 1, of: own.certificate)))
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            // Of what nobody waits for, something may still be asked.
            let asked = stage.network.questions.filter { $0.hasSuffix(" TLSA") }
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            #expect(stage.network.questions.filter { $0.hasSuffix(" TLSA") } == asked && !asked.isEmpty)
        }
    }
}
