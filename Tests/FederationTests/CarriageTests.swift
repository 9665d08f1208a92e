import Administration
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Two whole daemons that federate over loopback.
@Suite("stanzas between two daemons")
struct CarriageTests {
    /// Two daemons that find each other by DNS.
    private static func pair(
        _ network: Network, loops: Int, _ first: [Node.Domain], _ second: [Node.Domain], settings: String = ""
    ) throws -> (Node, Node) {
        let a = try Node("a", first, in: network, loops: loops, settings: settings)
        let b = try Node("b", second, in: network, loops: loops, settings: settings)
        try network.setZone(a.records(for: "a") + b.records(for: "b"))
        return (a, b)
    }

    @Test(arguments: [1, 2])
    func `RT-04: a thousand stanzas keep their order while the stream comes up and on the way back`(
        loops: Int
    ) async throws {
        try await script {
            let network = try Network()
            let (a, b) = try Self.pair(
                network, loops: loops, [.component("a.example")], [.component("b.example")])
            let sender = try a.connect("a.example")
            let recipient = try b.connect("b.example")
            for number in 0..<1000 {
                let to = number % 2 == 0 ? "u@b.example" : "u@b.example/r"
                try sender.send(Peer.message("x@a.example", to, "\(number)"))
            }
            for number in 0..<1000 { #expect(try recipient.receive().text(of: "body") == "\(number)") }
            // RT-05: one connection for the burst.
            #expect(b.metric(.streamsAccepted) == 1)
            #expect(a.metric(.streamsOpened) == 1)
            for number in 0..<1000 { try recipient.send(Peer.message("u@b.example", "x@a.example", "back \(number)")) }
            for number in 0..<1000 { #expect(try sender.receive().text(of: "body") == "back \(number)") }
            #expect(a.counts?.streams == 2)
            #expect(b.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: [1, 2])
    func `KA-01: a ping finds its way there and back between the daemons' own services`(loops: Int) async throws {
        try await script {
            let network = try Network()
            let (a, b) = try Self.pair(network, loops: loops, [.builtin("a.example")], [.builtin("b.example")])
            let (local, remote) = (try DomainName("a.example"), try DomainName("b.example"))
            let service = a.service
            let reply = wait { await service.ping(from: local, to: remote, within: .seconds(15)) }
            #expect(reply.flatMap { $0 }?.error == nil)
            #expect(reply.flatMap { $0 }?.stream != nil)
            let associations = wait { await service.associations(with: remote) } ?? []
            #expect(Set(associations.map(\.direction)) == [.inbound, .outbound])
            #expect(associations.allSatisfy { $0.prooftype == "pkix" && $0.level == "authenticated" })
            _ = b
        }
    }

    @Test func `RT-11: stanzas change their content namespace and nothing else on the way`() async throws {
        try await script {
            let network = try Network()
            let (a, b) = try Self.pair(network, loops: 1, [.component("a.example")], [.component("b.example")])
            let sender = try a.connect("a.example")
            let recipient = try b.connect("b.example")
            let payload =
                "<body xml:lang='fr'>\u{FEFF}é &lt;&#x41;&gt;</body>"
                + "<x xmlns='urn:x'><message xmlns='jabber:client'/><y xmlns='jabber:server'/></x>"
            try sender.send("<message from='x@a.example' to='u@b.example' id='1'>\(payload)</message>")
            let text = try recipient.receive().description
            #expect(
                text.contains("<message xmlns='jabber:client'/>") || text.contains("<message xmlns=\"jabber:client\"/>")
            )
            #expect(text.contains("\u{FEFF}é"))
            #expect(text.contains("xmlns='urn:x'"))
            #expect(!text.contains("jabber:component:accept"))
            _ = b
        }
    }

    @Test func `RT-10: a domain of ours is never looked for outside`() async throws {
        try await script {
            let network = try Network()
            let (a, b) = try Self.pair(
                network, loops: 1, [.component("a.example"), .component("b.example")], [.component("b.example")])
            let sender = try a.connect("a.example")
            let elsewhere = try b.connect("b.example")
            // The component of our b.example is not there.
            try sender.send("<iq type='get' id='1' from='x@a.example' to='u@b.example'><q xmlns='urn:q'/></iq>")
            let error = try sender.receive()
            #expect(error.contains("service-unavailable"))
            let local = try a.connect("b.example")
            try sender.send(Peer.message("x@a.example", "u@b.example", "here"))
            #expect(try local.receive().text(of: "body") == "here")
            #expect(network.questions.isEmpty)
            #expect(try elsewhere.receiveNothingMore().isEmpty)
        }
    }

    @Test func `RT-14: a blocked domain is refused without a question, and is refused when it comes`() async throws {
        try await script {
            let network = try Network()
            let blocked = "[[remote]]\nname = \"b.example\"\nallow = false\n"
            let a = try Node("a", [.component("a.example")], in: network, settings: blocked)
            let sender = try a.connect("a.example")
            try sender.send(Peer.message("x@a.example", "u@b.example", "no"))
            let error = try sender.receive()
            #expect(error.contains("not-allowed") && error.stanzaError?.type == "cancel")
            #expect(network.questions.isEmpty)
            let peer = try Peer(dialling: a.s2s)
            try peer.open(from: "b.example", to: "a.example")
            try peer.send(Peer.startTLS)
            try peer.read(until: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            try peer.secure(presenting: Network.issue("b.example").identity())
            try peer.send(Peer.header(from: "b.example", to: "a.example"))
            #expect(try peer.readToEnd().contains("<policy-violation"))
        }
    }

    @Test func `RT-13: what waits is bounded and comes back, the overflow at once`() async throws {
        try await script {
            // The name server is silent, so that everything waits.
            let network = try Network()
            network.nameServer.setFault(.drop)
            let a = try Node(
                "a", [.component("a.example")], in: network, settings: "[timeouts]\ndelivery = 2",
                limits: "queued_stanzas_per_domain = 10")
            let sender = try a.connect("a.example")
            for number in 0..<11 { try sender.send(Peer.message("x@a.example", "u@b.example", "\(number)")) }
            let first = try sender.receive()
            #expect(first.contains("resource-constraint") && first.stanzaError?.type == "wait")
            var returned: Set<String> = []
            for _ in 0..<10 {
                let error = try sender.receive()
                #expect(error.contains("remote-server-timeout") || error.contains("remote-server-not-found"))
                returned.insert(error.text(of: "body") ?? "")
            }
            #expect(try sender.receiveNothingMore().isEmpty)
            #expect(a.counts?.queuedStanzas == 0)
        }
    }

    @Test func `XS-24: a drain takes what arrives until the closing tag and says why to everybody`() async throws {
        try await script {
            let network = try Network()
            let a = try Node("a", [.component("a.example")], in: network)
            let component = try a.connect("a.example")
            let peer = try Peer.authenticated(to: a, from: "b.example", to: "a.example")
            let half = try Peer(dialling: a.s2s)
            try half.open(from: "c.example", to: "a.example")
            let service = a.service
            Task { await service.drain() }
            let goodbye = try peer.read(until: "</stream:stream>")
            #expect(goodbye.contains("<system-shutdown"))
            try peer.send(Peer.message("x@b.example", "u@a.example", "last"))
            #expect(try component.receive().text(of: "body") == "last")
            try peer.send("</stream:stream>")
            try peer.readToEnd()
            #expect(peer.hasSeenCloseNotify)
            #expect(try half.readToEnd().contains("<system-shutdown"))
            #expect(throws: HarnessFailure.self) { try Peer(dialling: a.s2s) }
            let last = try component.receive()
            #expect(last.contains("system-shutdown"))
        }
    }

    @Test func `a domain that was added by a reload is served, and one that was removed is not`() async throws {
        try await script {
            let network = try Network()
            let a = try Node("a", [.component("a.example"), .component("c.example")], in: network)
            let kept = try Peer.authenticated(to: a, from: "b.example", to: "a.example")
            let gone = try Peer.authenticated(to: a, from: "b.example", to: "c.example")
            // A line is added above everything, so that all positions move.
            try a.reload([.component("a.example"), .component("d.example")], settings: "[timeouts]\nclose = 3")
            #expect(try gone.read(until: "</stream:stream>").contains("<reset"))
            let fresh = try Peer.authenticated(to: a, from: "b.example", to: "d.example")
            let component = try a.connect("a.example")
            try kept.send(Peer.message("x@b.example", "u@a.example", "still here"))
            #expect(try component.receive().text(of: "body") == "still here")
            _ = fresh
        }
    }
}
