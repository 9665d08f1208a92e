import Demonstration
import Diagnostics
import DomainAssociation
import Federation
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Peers that were proved once, and try to live on that.
@Suite("attacks with what was true once")
struct RenewedProofAttackTests {
    /// How long the records hold, in seconds.
    private static let life = 2
    private static let patience = Duration.seconds(20)

    private static func tlsa(_ issued: IssuedCertificate) -> String {
        "\(life) \(Network.tlsa(3, 1, of: issued.certificate))"
    }

    @Test func `PT-06, PS-02: what a shared stream was proved by when it was dialled opens no pair that was refuted`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            let other = DANEStage.recordsOfOther(own)
            let stage = try DANEStage(other + DANEStage.records(Self.tlsa(own)))
            try stage.send("one")
            let peer = try Peer.serving(
                stage.listener, domain: "b.example", with: own, features: Peer.dialbackOffer)
            #expect(try peer.read(until: "</message>").contains("one"))
            try stage.component.send(Peer.message("x@a.example", "u@c.example", "two"))
            #expect(try peer.read(until: "</db:result>").contains("to='c.example'"))
            try peer.send("<result xmlns='jabber:server:dialback' from='c.example' to='a.example' type='valid'/>")
            #expect(try peer.read(until: "</message>").contains("two"))
            // The key is stolen, and the domain publishes another one.
            try stage.setRecords(other + DANEStage.records("\(Self.life) \(Network.wrongTLSA)"))
            #expect(eventually(within: Self.patience) { stage.associations.count == 1 })
            try stage.send("three")
            // It is dialled, and refused for what is published now.
            let next = try Peer(accepted: stage.listener.accept())
            try? next.serve("b.example", with: own)
            #expect(try stage.bounce().contains("matches none of"))
            #expect(stage.associations.count == 1)
            try stage.component.send(Peer.message("x@a.example", "u@c.example", "four"))
            let rest = try peer.read(until: "</message>")
            #expect(rest.contains("four") && !rest.contains("three"))
        }
    }

    /// Seconds that have passed for the daemon alone.
    private final class Shift: Sendable {
        let seconds = Atomic<Int64>(0)
    }

    @Test func `OW-02, PT-06: a server is asked about keys no longer than what proved it holds`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let shift = Shift()
            let stage = try DialbackStage(
                "_PORT._tcp.host \(Self.tlsa(own))", level: "authenticated", isSigned: true,
                clock: { Network.now + shift.seconds.load(ordering: .relaxed) })
            func ask() throws -> Peer {
                let (peer, _) = try stage.calling()
                try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
                return peer
            }
            let first = try ask()
            let authority = try stage.authority(with: own)
            try authority.answerQuestion("valid")
            #expect(try first.readDialback("result").type == "valid")
            shift.seconds.store(30, ordering: .relaxed)
            let second = try ask()
            let fresh = try stage.authority(with: own)
            try fresh.answerQuestion("valid")
            #expect(try second.readDialback("result").type == "valid")
            _ = authority
        }
    }

    @Test(arguments: [1, 2])
    func `BI-03, PT-05: on a stream of both directions nobody slips in either way by a policy that is gone`(
        loops: Int
    ) async throws {
        try await script {
            let network = try Network()
            let log = Log()
            let a = try Node(
                "a", [.component("a.example")], in: network, loops: loops, hasBothDirections: true,
                observe: { log.note($0) })
            let component = try a.connect("a.example")
            // One on each loop.
            let peers = try (0..<loops).map { _ in
                let peer = try Peer(dialling: a.s2s)
                try peer.open(from: "b.example", to: "a.example")
                try peer.send(Peer.startTLS)
                try peer.read(until: Peer.proceed)
                try peer.secure(presenting: Network.issue("b.example").identity())
                #expect(try peer.open(from: "b.example", to: "a.example").contains("EXTERNAL"))
                try peer.send("<bidi xmlns='urn:xmpp:bidi'/>")
                return peer
            }
            let pin = Base64.encode([UInt8](repeating: 7, count: 32))
            try a.reload(
                [.component("a.example")], settings: "[[remote]]\nname = \"b.example\"\npin_sha256 = [\"\(pin)\"]")
            for peer in peers {
                try peer.send(Peer.auth)
                try peer.read(until: Peer.success)
                try peer.send(Peer.header(from: "b.example", to: "a.example"))
                #expect(try peer.readToEnd().contains("<reset"))
            }
            #expect(eventually(within: Self.patience) { a.counts?.streams == 0 })
            #expect(log.associations.isEmpty)
            // RT-06: nothing is taken for a way to the peer that is none.
            try component.send(Peer.message("x@a.example", "u@b.example", "hello"))
            #expect(try component.receive().description.contains("type='error'"))
            #expect(a.counts?.queuedStanzas == 0)
        }
    }

    /// The associations that somebody was told of.
    private final class Log: Sendable {
        private let noted = Mutex<[Association]>([])

        var associations: [Association] { noted.withLock { $0 } }

        func note(_ fact: FederationFact) {
            if case .established(_, let association) = fact { noted.withLock { $0.append(association) } }
        }
    }

    @Test(arguments: [1, 2])
    func `RT-10, PT-05: nobody goes on speaking for a domain that is served here by now`(loops: Int) async throws {
        try await script {
            let network = try Network()
            let a = try Node("a", [.component("a.example")], in: network, loops: loops)
            let component = try a.connect("a.example")
            let peer = try Peer.authenticated(to: a, from: "b.example", to: "a.example")
            let other = try Peer.authenticated(to: a, from: "c.example", to: "a.example")
            try a.reload([.component("a.example"), .component("b.example")])
            #expect(try peer.read(until: "</stream:stream>").contains("<reset"))
            try other.send(Peer.message("x@c.example", "u@a.example", "still here"))
            #expect(try component.receive().text(of: "body") == "still here")
        }
    }
}
