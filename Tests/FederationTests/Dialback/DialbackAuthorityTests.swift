import Administration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Our part as the authoritative server: others ask us whether a key is ours.
@Suite("dialback as the authoritative server")
struct DialbackAuthorityTests {
    /// Where a question can come from.
    private enum Asker: CaseIterable { case stranger, authenticated, proved, stillNegotiating }

    private static func stream(_ asker: Asker, _ stage: DialbackStage) throws -> Peer {
        switch asker {
        case .stranger: return try stage.calling(from: "z.example").peer
        case .authenticated:
            let peer = try stage.secured(presenting: Network.issue("b.example"))
            try peer.authenticate(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            return peer
        case .proved: return try stage.proved().peer
        case .stillNegotiating:
            let peer = try stage.secured(presenting: nil)
            try peer.send(Peer.header(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace))
            return peer
        }
    }

    /// A key of ours: the one that we send when we have something for `b.example`.
    private static func ownKey(_ stage: DialbackStage) throws -> DialbackText {
        try stage.send()
        let receiver = try Peer(accepted: stage.listener.accept())
        try receiver.serveDialback("b.example")
        return try receiver.readDialback("result")
    }

    @Test(arguments: Asker.allCases)
    private func `DB-24, DB-25, DK-04: keys of ours are known on every stream, and no others`(asker: Asker) async throws
    {
        try await script {
            let stage = try DialbackStage()
            let asking = try Self.stream(asker, stage)
            let own = try Self.ownKey(stage)
            let id = "id-of-b.example"
            /// A question with one thing changed, and its answer.
            let questions: [(from: String, to: String, id: String, key: String, verdict: String)] = [
                ("b.example", "a.example", id, own.content, "valid"),
                ("B.example", "A.Example", id, "\n \(own.content) ", "valid"),
                ("b.example", "a.example", id, own.content.uppercased(), "invalid"),
                ("b.example", "a.example", id, String(own.content.dropLast()) + "g", "invalid"),
                ("b.example", "a.example", id, "", "invalid"),
                ("b.example", "a.example", "other", own.content, "invalid"),
                ("c.example", "a.example", id, own.content, "invalid"),
                ("b.example", "rooms.example", id, own.content, "invalid"),
                ("b.example", "nosuch.example", id, own.content, "error item-not-found"),
                ("b.example", "a.example", id, own.content, "valid"),
            ]
            for question in questions {
                try asking.send(Peer.verify(question.key, from: question.from, to: question.to, id: question.id))
                let answer = try asking.readDialback("verify")
                #expect(answer.verdict == question.verdict, "\(question)")
                #expect(answer.from == question.to && answer.to == question.from && answer.id == question.id)
            }
            // It is no claim of the one who asks.
            #expect(!stage.associations.contains { $0.remote.description == "z.example" })
        }
    }

    @Test(arguments: [("shared", "shared", "valid"), ("one", "another", "invalid")])
    func `DK-03: every node with the same secret knows the keys of the others, and no other does`(
        first: String, second: String, verdict: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(federation: "dialback_secret = \"\(first)-secret-of-enough-length\"")
            let sibling = try Node(
                "sibling", [.component("a.example")], in: stage.network,
                settings: "[federation]\ndialback_secret = \"\(second)-secret-of-enough-length\"")
            let own = try Self.ownKey(stage)
            let asking = try Peer(dialling: sibling.s2s)
            try asking.open(from: "b.example", to: "a.example")
            try asking.send(Peer.startTLS)
            try asking.read(until: Peer.proceed)
            try asking.secure(presenting: nil)
            try asking.openForDialback(from: "b.example", to: "a.example")
            try asking.send(Peer.verify(own.content, from: "b.example", to: "a.example", id: "id-of-b.example"))
            #expect(try asking.readDialback("verify").verdict == verdict)
        }
    }

    @Test(arguments: [("encrypted", "error policy-violation"), ("verified", "invalid")])
    func `DB-25, DB-21: in clear questions are answered where the policy takes dialback in clear`(
        level: String, verdict: String
    ) async throws {
        try await script {
            let stage = try DialbackStage(level: level)
            let peer = try Peer(dialling: stage.node.s2s)
            try peer.openForDialback(from: "b.example", to: "a.example")
            try peer.send(Peer.verify("key", from: "b.example", to: "a.example", id: "x"))
            #expect(try peer.readDialback("verify").verdict == verdict)
            try peer.send(Peer.startTLS)
            #expect(try peer.read(until: Peer.proceed) == Peer.proceed)
        }
    }

    /// Elements that are no requests, and whether they end the stream.
    private static let malformed: [String] = [
        "<db:verify to='a.example' id='x'>k</db:verify>", "<db:verify from='b.example' id='x'>k</db:verify>",
        "<db:verify from='b.example' to='a.example'>k</db:verify>",
        "<db:verify from='b.example' to='a.example' id=''>k</db:verify>",
        "<db:verify from='user@b.example' to='a.example' id='x'>k</db:verify>",
        "<db:result to='a.example'>k</db:result>", "<db:result from='b.example'>k</db:result>",
        "<db:result from='' to='a.example'>k</db:result>",
        "<db:result from='b.example/x' to='a.example'>k</db:result>",
        "<db:result from='\(String(repeating: "b", count: 2000)).example' to='a.example'>k</db:result>",
        "<db:result from='b..example' to='a.example' type='valid'/>",
    ]

    @Test(arguments: malformed)
    func `DB-27: what lacks an address, or has one that is none, ends the stream and asks nobody`(element: String)
        async throws
    {
        try await script {
            let stage = try DialbackStage()
            let (peer, _) = try stage.calling()
            try peer.send(element)
            #expect(try peer.readToEnd().contains("<improper-addressing"))
            #expect(stage.isUntouched && stage.node.counts?.streams == 0)
        }
    }
}
