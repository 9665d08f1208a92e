import Administration
import Diagnostics
import HTTPTestSupport
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Somebody stands before `b.example` who has a certificate for it that everybody trusts; the domain publishes its own by
/// POSH, where he cannot reach.
@Suite("an interceptor of a domain that publishes its keys by POSH")
struct POSHAttackTests {
    @Test(arguments: [true, false])
    func `PO-21, TP-09: where authorities prove he is accepted, and both his key and the document tell of him`(
        isDialled: Bool
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            let stage = try POSHStage { _ in document }
            #expect(try stage.delivers(to: own))
            #expect(stage.node.metric(.keyChanges) == 0)
            let interceptor = try Network.issue("b.example")
            if isDialled {
                try stage.closeStreams()
                #expect(try stage.delivers(to: interceptor))
            } else {
                let peer = try Peer.authenticated(
                    to: stage.node, from: "b.example", to: "a.example", presenting: interceptor)
                defer { withExtendedLifetime(peer) {} }
                let association = try stage.association(.inbound)
                #expect(association.prooftype == "pkix")
                #expect(association.evidence["key_change"]?.contains("nothing that the domain publishes") == true)
            }
            #expect(stage.node.metric(.keyChanges) == 1)
            let log = stage.node.log
            for part in [
                "the key of the remote domain has changed, and nothing that it publishes explains it",
                "is none of those published at https://b.example\(POSHStage.path)",
                Hexadecimal.encode(own.certificate.subjectPublicKeyInfoSHA256),
                Hexadecimal.encode(interceptor.certificate.subjectPublicKeyInfoSHA256),
            ] { #expect(log.contains(part), "\(part)") }
        }
    }

    @Test func `PO-21, TP-09: where unexplained keys are refused he is, with the document in the reason`() async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            let (next, interceptor) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let stage = try POSHStage(federation: "key_change = \"refuse\"") { _ in ScriptedReply(404) }
            stage.publish([POSHStage.path: try POSHStage.document(own, expires: 60)])
            #expect(try stage.offersExternal(to: own))
            #expect(try stage.delivers(to: own))
            #expect(try !stage.offersExternal(to: interceptor))
            try stage.closeStreams()
            #expect(try !stage.delivers(to: interceptor))
            let bounce = try stage.component.receive().description
            for part in ["continuity: public key", "is none of those published at https://b.example"] {
                #expect(bounce.contains(part), "\(bounce)")
            }
            // A roll-over that the document announces is none of his.
            stage.publish([POSHStage.path: try POSHStage.document(next, own, expires: 60)])
            stage.advance(by: 61)
            #expect(try stage.offersExternal(to: next))
            #expect(try !stage.offersExternal(to: interceptor))
        }
    }
}
