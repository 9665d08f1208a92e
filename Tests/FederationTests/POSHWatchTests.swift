import Administration
import HTTPTestSupport
import TestSupport
import Testing
import TransportSecurity

/// Streams whose proof rests on documents that hold for seconds.
@Suite("POSH documents that end while a stream lives")
struct POSHWatchTests {
    /// What was just proved again is left alone for a quarter of a minute.
    private static let patience = Duration.seconds(40)

    private static func stage(_ own: IssuedCertificate) throws -> POSHStage {
        let document = try POSHStage.document(own, expires: 2)
        return try POSHStage { _ in document }
    }

    @Test func `PT-06: a proof is renewed while the document is still there`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try Self.stage(own)
            #expect(try stage.delivers(to: own))
            let end = try #require(try stage.association(.outbound).expires)
            #expect(try eventually(within: Self.patience) { try stage.association(.outbound).expires != end })
            try stage.send("again")
            #expect(try stage.peers[0].read(until: "</message>").contains("again"))
        }
    }

    @Test func `PO-21, PT-06: a key that is published no more ends the streams, and nothing is lost`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try Self.stage(own)
            #expect(try stage.delivers(to: own))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            stage.publish([POSHStage.path: try POSHStage.document(try Network.selfSigned("b.example"), expires: 2)])
            #expect(try peer.read(until: "</stream:stream>", within: Self.patience).contains("<reset"))
            #expect(try stage.peers[0].read(until: "</stream:stream>", within: Self.patience).contains("<reset"))
            #expect(stage.node.log.contains("the proof of the peer has expired"))
            #expect(try !stage.delivers(to: own))
            #expect(try stage.component.receive().description.contains("is none of those published"))
        }
    }

    @Test func `PT-06: a web server that fails keeps a stream until its document ends, and no longer`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try Self.stage(own)
            #expect(try stage.delivers(to: own))
            stage.publish([POSHStage.path: ScriptedReply(503)])
            try stage.send("still")
            #expect(try stage.peers[0].read(until: "</message>").contains("still"))
            #expect(try stage.peers[0].read(until: "</stream:stream>", within: Self.patience).contains("<reset"))
        }
    }
}
