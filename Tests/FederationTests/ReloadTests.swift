import DNSMessages
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A policy that becomes another while a server is being spoken to.
@Suite("a reload in the middle of a negotiation")
struct ReloadTests {
    /// Under which no server of `b.example` would be proved.
    private static let stricter = [
        "[[remote]]\nname = \"b.example\"\nallow = false",
        "[[remote]]\nname = \"b.example\"\npin_sha256 = [\"\(Base64.encode([UInt8](repeating: 7, count: 32)))\"]",
    ]

    /// When a key for the pair of the header is presented, and refused, besides.
    private enum Key: CaseIterable { case never, before, after }

    @Test(arguments: stricter, Key.allCases)
    private func `PT-05, DB-21: nobody slips in under the policy that held when he began`(
        policy: String, key: Key
    ) async throws {
        try await script {
            let network = try Network()
            let a = try Node("a", [.component("a.example")], in: network)
            let peer = try Peer(dialling: a.s2s)
            try peer.open(from: "b.example", to: "a.example")
            try peer.send(Peer.startTLS)
            try peer.read(until: Peer.proceed)
            try peer.secure(presenting: Network.issue("b.example").identity())
            let opening = try peer.open(from: "b.example", to: "a.example", extra: Peer.dialbackNamespace)
            #expect(opening.contains("EXTERNAL"))
            if key == .before { #expect(try peer.prove("b.example", to: "a.example", key: "").type == "error") }
            try a.reload([.component("a.example")], settings: policy)
            if key == .after { #expect(try peer.prove("b.example", to: "a.example").type == "error") }
            try peer.send(Peer.auth)
            try peer.read(until: Peer.success)
            try peer.send(Peer.header(from: "b.example", to: "a.example"))
            try? peer.send(Peer.message("x@b.example", "u@a.example", "let me in"))
            #expect(try peer.readToEnd().contains("<reset"))
            #expect(a.counts?.associations == 0 && a.metric(.stanzasReceived) == 0)
        }
    }

    @Test func `DK-05: a stream that stays over a reload takes pairs of domains that are hosted since`() async throws {
        try await script {
            let network = try Network()
            let a = try Node("a", [.component("a.example")], in: network)
            let peer = try Peer.authenticated(
                to: a, from: "b.example", to: "a.example", extra: "xmlns:db='jabber:server:dialback'")
            try peer.send("<db:result from='b.example' to='d.example'>key</db:result>")
            #expect(try peer.read(until: "</db:result>").contains("item-not-found"))
            try a.reload([.component("a.example"), .component("d.example")])
            let component = try a.connect("d.example")
            try peer.send("<db:result from='b.example' to='d.example'>key</db:result>")
            #expect(try peer.read(until: ">").contains("valid"))
            try peer.send(Peer.message("x@b.example", "u@d.example", "welcome"))
            #expect(try component.receive().text(of: "body") == "welcome")
            #expect(a.counts?.associations == 2)
        }
    }

    /// Brings a stream to the last word of the peer, reloads, and has it said.
    private static func reload(_ stage: DANEStage, to settings: String, as issued: IssuedCertificate) throws {
        try stage.send()
        let peer = try Peer(accepted: stage.listener.accept())
        try peer.serveUntilSecured("b.example", with: issued)
        try peer.serveHeader("b.example", Peer.mechanisms)
        try peer.read(until: "</auth>")
        try stage.node.reload([.component("a.example")], settings: settings)
        try peer.send(Peer.success)
        try peer.serveHeader("b.example", "<stream:features/>")
        #expect(try !peer.readToEnd().contains("<message"))
    }

    @Test func `PT-05, RT-06: a server that we dialled is asked anew, and what waits for it waits on`() async throws {
        try await script {
            let own = try Network.issue("b.example")
            let stage = try DANEStage("")
            try Self.reload(stage, to: "[[remote]]\nname = \"b.example\"\nprooftypes = [\"pkix\"]", as: own)
            let peer = try Peer.serving(stage.listener, domain: "b.example", with: own)
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    @Test func `PT-05, DA-08: under a policy that refuses it, what waits comes back with the reason`() async throws {
        try await script {
            let own = try Network.issue("b.example")
            let stage = try DANEStage("")
            try Self.reload(stage, to: "[[remote]]\nname = \"b.example\"\ndane = \"required\"", as: own)
            #expect(throws: HarnessFailure.self) {
                try Peer.serving(stage.listener, domain: "b.example", with: own).read(until: "</message>")
            }
            #expect(try stage.bounce().contains("required by the policy"))
        }
    }
}
