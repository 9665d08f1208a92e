import Administration
import Configuration
import Demonstration
import Diagnostics
import EventLoops
import Routing
import StreamProtocol
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Federation

/// A server for three domains that a test plays, and a daemon that writes to them one after the other.
@Suite("suppositions that come to nothing")
struct SuppositionTests {
    private final class Stage {
        let network: Network
        let node: Node
        let component: ComponentClient
        let listener: ByteListener
        let issued: IssuedCertificate

        static let errors = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"
        static let plain = "<dialback xmlns='urn:xmpp:features:dialback'/>"

        init(loops: Int = 1) throws {
            network = try Network()
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            self.listener = listener
            let zone = ["b", "c", "d"].map { "_xmpp-server._tcp.\($0) SRV 0 0 \(listener.endpoint.port) host\n" }
            try network.setZone(zone.joined() + "host A \(place)\n")
            issued = try Network.issue("b.example", "c.example", "d.example")
            node = try Node(
                "a", [.component("a.example")], in: network, loops: loops,
                settings: "[federation]\nprooftypes = [\"pkix\"]\n")
            component = try node.connect("a.example")
        }

        func send(_ body: String, to domain: String) throws {
            try component.send(Peer.message("x@a.example", "u@\(domain)", body))
        }

        /// Takes a connection that is for a domain, with what waited for it.
        func serve(_ domain: String, awaiting body: String, features: String = errors) throws -> Peer {
            let peer = try Peer.serving(listener, domain: domain, with: issued, features: features)
            #expect(try peer.read(until: "</message>").contains(body))
            return peer
        }
    }

    @Test func `PS-03, PS-05: a server that closes for being asked is dialled, remembered, and loses nothing`()
        async throws
    {
        try await script {
            let stage = try Stage()
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            try stage.send("two", to: "c.example")
            #expect(try first.read(until: "</db:result>").contains("to='c.example'"))
            try first.send(
                "<stream:error><unsupported-stanza-type xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                    + "</stream:stream>")
            let second = try stage.serve("c.example", awaiting: "two")
            try stage.send("three", to: "d.example")
            let third = try stage.serve("d.example", awaiting: "three")
            try stage.send("four", to: "b.example")
            let fourth = try stage.serve("b.example", awaiting: "four")
            #expect(stage.node.metric(.stanzasBounced) == 0)
            _ = (second, third, fourth)
        }
    }

    // MARK: - Nobody's closing

    @Test(arguments: [0, 1])
    func `PS-01, PS-03: a stream that was gone before it was asked makes no server that closes`(loop: Int) async throws
    {
        try await script {
            let stage = try Stage(loops: 2)
            let servers = try #require(stage.node.shared).servers
            let place = stage.listener.endpoint
            let address = try SocketAddress(host: place.address.description, port: place.port)
            // What another loop may find for as long as it has not heard of the end.
            servers.add(StreamPlace(id: StreamID(.max), loop: loop), at: address)
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            #expect(servers.counts.closers == 0)
            servers.remove(StreamID(.max), at: address)
            try stage.send("two", to: "c.example")
            #expect(try first.read(until: "</db:result>").contains("to='c.example'"))
            try first.send("<result xmlns='jabber:server:dialback' from='c.example' to='a.example' type='valid'/>")
            #expect(try first.read(until: "</message>").contains("two"))
            #expect(stage.node.metric(.streamsOpened) == 1)
        }
    }

    @Test(arguments: [1, 2])
    func `PS-03, DB-08: a stream that we close ourselves while it is asked makes no server that closes`(
        loops: Int
    ) async throws {
        try await script {
            let stage = try Stage(loops: loops)
            let servers = try #require(stage.node.shared).servers
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            try stage.send("two", to: "c.example")
            #expect(try first.read(until: "</db:result>").contains("to='c.example'"))
            let (service, remote) = (stage.node.service, try DomainName("b.example"))
            _ = wait { await service.close(.domain(remote)) }
            let second = try stage.serve("c.example", awaiting: "two")
            #expect(servers.counts.closers == 0)
            // PA-01: nor is the domain written to over streams of its own from now on.
            try stage.send("three", to: "d.example")
            #expect(try second.read(until: "</db:result>").contains("to='d.example'"))
            #expect(stage.node.metric(.stanzasBounced) == 0)
        }
    }

    @Test(arguments: [
        (120, 30, 16), (1, 30, 1), (30, 30, 4), (31, 30, 5), (1_000_000_000, 1, 4_000_000_000), (5, 0, 4),
    ])
    func `DB-06: a pair waits for its turn as long as its stanzas do`(delivery: Int, dialback: Int, parts: Int) {
        var timeouts = TimeoutSettings()
        (timeouts.delivery, timeouts.dialback) = (.seconds(delivery), .seconds(dialback))
        #expect(PresentDeployment.partsInLine(timeouts) == parts)
    }

    @Test func `PA-01, XS-26: a pair that had no turn is no refusal of the peer's, and holds no other back`() throws {
        let pair = DomainPair(sender: try DomainName("a.example"), target: try DomainName("b.example"))
        let failure = PairFailure.hadNoTurn.attemptFailure(of: pair)
        #expect(failure.kind == .hadNoTurn && !failure.kind.concernsDomain)
        #expect(!failure.explanation.contains("did not"))
        for isOwnStream in [false, true] {
            #expect(PairFailure.hadNoTurn.refusal(of: pair, isOwnStream: isOwnStream) == .failed(failure))
        }
        #expect(PairFailure.timedOut.attemptFailure(of: pair).kind == .pairRefused)
    }

    @Test func `PS-03: without dialback errors nothing is supposed`() async throws {
        try await script {
            let stage = try Stage()
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one", features: Stage.plain)
            try stage.send("two", to: "c.example")
            _ = try stage.serve("c.example", awaiting: "two", features: Stage.plain)
            try stage.send("three", to: "b.example")
            #expect(try first.read(until: "</message>").hasPrefix("<message"))
        }
    }

    @Test(arguments: ["item-not-found", "resource-constraint", "unknown-to-everybody"])
    func `PS-05, DB-22: a target that is refused beside others has a connection of its own`(
        condition: String
    ) async throws {
        try await script {
            let stage = try Stage()
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            try stage.send("two", to: "c.example")
            try first.read(until: "</db:result>")
            try first.send(
                "<result xmlns='jabber:server:dialback' from='c.example' to='a.example' type='error'><error xmlns="
                    + "'jabber:server' type='cancel'><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                    + "</result>")
            _ = try stage.serve("c.example", awaiting: "two")
            // DB-08: the stream is usable for the other pair.
            try stage.send("three", to: "b.example")
            #expect(try first.read(until: "</message>").contains("three"))
        }
    }

    private static func refusal(of domain: String) -> String {
        "<result xmlns='jabber:server:dialback' from='\(domain)' to='a.example' type='error'>"
            + Peer.failing("resource-constraint").replacing("<error ", with: "<error xmlns='jabber:server' ")
            + "</result>"
    }

    @Test
    func `DB-22, DB-08: a pair that is refused beside others and alone too makes two connections, and comes back`()
        async throws
    {
        try await script {
            let stage = try Stage()
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            try stage.send("two", to: "c.example")
            try first.read(until: "</db:result>")
            try first.send(Self.refusal(of: "c.example"))
            let second = try Peer(accepted: stage.listener.accept())
            try second.serveDialback("c.example", with: stage.issued)
            try second.read(until: "</db:result>")
            try second.send(Self.refusal(of: "c.example"))
            #expect(try stage.component.receive().description.contains("remote-server-timeout"))
            // The first is left alone, and nobody else is dialled.
            try stage.send("three", to: "b.example")
            #expect(try first.read(until: "</message>").contains("three"))
            #expect(stage.node.metric(.stanzasBounced) == 1 && stage.node.counts?.streams == 1)
        }
    }

    @Test func `DB-08: an answer that never comes, or comes unasked, gives nothing away`() async throws {
        try await script {
            let stage = try Stage()
            try stage.send("one", to: "b.example")
            let first = try stage.serve("b.example", awaiting: "one")
            try stage.send("two", to: "c.example")
            try first.read(until: "</db:result>")
            // DB-09: for another pair than the one that was asked for.
            try first.send(
                "<result xmlns='jabber:server:dialback' from='d.example' to='a.example' type='valid'/>")
            try stage.send("three", to: "b.example")
            // DB-04: pairs that are proved flow meanwhile, and the others wait.
            #expect(try first.read(until: "</message>").hasPrefix("<message from='x@a.example' to='u@b.example'"))
            try first.send(
                "<result xmlns='jabber:server:dialback' from='c.example' to='a.example' type='valid'/>")
            #expect(try first.read(until: "</message>").contains("two"))
        }
    }
}
