import Administration
import DNSMessages
import Demonstration
import EventLoops
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Federation

/// Pairs that are taken off while something is under way for them.
@Suite("pairs that are taken off in the middle of it")
struct RevokedPairTests {
    private static let patience = Duration.seconds(30)

    @Test func `PT-06, PA-05: a pair that is taken off before it was told of takes no watch from those beside it`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            func zone(_ tlsa: String) -> String { "_PORT._tcp.host 4 \(tlsa)" }
            let stage = try DialbackStage(
                zone(Network.tlsa(3, 1, of: own.certificate)), level: "authenticated", isSigned: true)
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            var authority = try stage.authority(with: own)
            try authority.answerQuestion("valid")
            #expect(try peer.readDialback("result").verdict == "valid")
            // A tenant that goes while a pair with it is being proved by the same server.
            try peer.send(Peer.result("key", from: "b.example", to: "rooms.example"))
            if let other = try? stage.listener.accept(within: .seconds(2)) {
                authority = Peer(accepted: other)
                try authority.serveDialback("b.example", with: own)
            }
            let question = try authority.readDialback("verify")
            try stage.node.reload(
                [.component("a.example")],
                settings: "[federation]\nlevel = \"authenticated\"\nprooftypes = [\"dane\", \"pkix\"]\n")
            try authority.answer(question, "valid")
            try peer.readDialback("result")
            #expect(stage.associations.map(\.local.description) == ["a.example"])
            #expect(try stage.passes(peer, "still proved"))
            // The key is taken back: that is still looked at.
            let place = stage.listener.endpoint
            try stage.network.setZone(
                DialbackStage.filled(
                    "_xmpp-server._tcp.b SRV 0 0 PORT host\nhost A PLACE\n\(zone(Network.wrongTLSA))\n", place))
            #expect(eventually(within: Self.patience) { stage.associations.isEmpty })
            #expect(eventually(within: Self.patience) { stage.node.counts?.associations == 0 })
        }
    }

    @Test func `PT-06, RT-04: what is on its way between loops for a pair that was taken off is not written`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            let other = DANEStage.recordsOfOther(own)
            let stage = try DANEStage(
                other + DANEStage.records("2 \(Network.tlsa(3, 1, of: own.certificate))"), loops: 2)
            let (b, c) = (try DomainName("b.example"), try DomainName("c.example"))
            let shared = try #require(stage.node.shared)
            // The stream is on the loop of the one, and the other is at home elsewhere.
            #expect(shared.owner(of: b) != shared.owner(of: c))
            try stage.component.send(Peer.message("x@a.example", "u@c.example", "one"))
            let peer = try Peer.serving(stage.listener, domain: "c.example", with: own, features: Peer.dialbackOffer)
            #expect(try peer.read(until: "</message>").contains("one"))
            try stage.send("two")
            #expect(try peer.read(until: "</db:result>").contains("to='b.example'"))
            try peer.send("<result xmlns='jabber:server:dialback' from='b.example' to='a.example' type='valid'/>")
            #expect(try peer.read(until: "</message>").contains("two"))
            let id = try #require(stage.associations.first?.stream)
            try stage.setRecords(other + DANEStage.records("2 \(Network.wrongTLSA)"))
            #expect(eventually(within: Self.patience) { stage.associations.count == 1 })
            // It was handed over before the other loop had heard of it.
            let stanza = Stanza(
                .message, from: "x@a.example", to: "u@b.example", id: "three", type: nil,
                content: Array("<body>three</body>".utf8))
            let wasHandedOver = wait {
                await shared.switchboard(shared.owner(of: b))?.ask { $0.sendDistant([stanza], on: id) }
            }
            #expect(wasHandedOver == true)
            let next = try Peer(accepted: stage.listener.accept())
            try? next.serve("b.example", with: own)
            #expect(try stage.bounce().contains("matches none of"))
            try stage.component.send(Peer.message("x@a.example", "u@c.example", "four"))
            let rest = try peer.read(until: "</message>")
            #expect(rest.contains("four") && !rest.contains("three"))
        }
    }

    @Test func `PT-05, PA-05: what was concluded by a policy that is gone opens no pair that was asked for since`()
        async throws
    {
        try await script {
            let stage = try DialbackStage(
                level: "authenticated", settings: "[timeouts]\ndialback = 2\nclose = 1")
            let peer = try stage.secured(from: "c.example", presenting: Network.issue("c.example", "b.example"))
            try peer.authenticate(from: "c.example", to: "a.example", extra: Peer.dialbackNamespace)
            // Whether the domain publishes keys cannot be found out for a while.
            for name in ["_xmpp-server._tcp.b.example", "_xmpps-server._tcp.b.example"] {
                stage.network.nameServer.setFault(.drop, for: .srv, at: try DNSName(name))
            }
            #expect(try peer.prove("b.example", to: "a.example").verdict == "error remote-server-timeout")
            try stage.node.reload(
                [.component("a.example"), .component("rooms.example")],
                settings: "[federation]\nlevel = \"authenticated\"\nprooftypes = [\"dane\", \"pkix\"]\n"
                    + "[timeouts]\ndialback = 30\nclose = 1\n"
                    + "[[remote]]\nname = \"b.example\"\ndane = \"required\"")
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            // What is answered at once says that the other is being proved.
            #expect(try peer.prove("b.example", to: "nosuch.example").verdict == "error item-not-found")
            for name in ["_xmpp-server._tcp.b.example", "_xmpps-server._tcp.b.example"] {
                stage.network.nameServer.setFault(nil, for: .srv, at: try DNSName(name))
            }
            // The first conclusion is that of before; it is told, since the peer hears nothing of what it is worth by now.
            #expect(try peer.readDialback("result").verdict == "valid")
            #expect(stage.associations.allSatisfy { $0.remote.description == "c.example" })
            try peer.send(Peer.message("u@b.example", "x@a.example", "forged"))
            #expect(try peer.readToEnd().contains("</stream:stream>"))
            #expect(try stage.component.receiveNothingMore().isEmpty)
        }
    }
}
