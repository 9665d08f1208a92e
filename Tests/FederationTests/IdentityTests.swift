import Diagnostics
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// By which name a domain goes in headers, in TLS and in DNS, and which of them counts.
@Suite("the names of a domain")
struct IdentityTests {
    @Test func `CM-08: an internationalised domain has A-labels in DNS and TLS, and U-labels in headers`() async throws
    {
        try await script {
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            let network = try Network(
                zone: "_xmpp-server._tcp.xn--mnchen-3ya SRV 0 0 \(listener.endpoint.port) host\nhost A \(place)\n")
            let node = try Node(
                "a", [.component("a.example")], in: network, settings: "[federation]\nprooftypes = [\"pkix\"]\n")
            let component = try node.connect("a.example")
            try component.send(Peer.message("x@a.example", "u@münchen.example", "servus"))
            let peer = try Peer(accepted: listener.accept())
            #expect(try peer.serveHeader("münchen.example", Peer.offer).contains("to='münchen.example'"))
            try peer.read(until: Peer.startTLS)
            try peer.send(Peer.proceed)
            let names = Mutex<[String]>([])
            try peer.secureAsServer(with: Network.issue("xn--mnchen-3ya.example").identity()) { name in
                names.withLock { $0.append(name) }
            }
            #expect(names.withLock { $0 } == ["xn--mnchen-3ya.example"])
            try peer.serveAuthentication("münchen.example")
            #expect(try peer.read(until: "</message>").contains("servus"))
            #expect(network.questions.contains("_xmpp-server._tcp.xn--mnchen-3ya.example SRV"))
            // The other way round the header claims the U-labels, and the certificate has the A-labels.
            let dialling = try Peer.authenticated(
                to: node, from: "münchen.example", to: "a.example",
                presenting: Network.issue("xn--mnchen-3ya.example"))
            try dialling.send(Peer.message("u@münchen.example", "x@a.example", "griaß di"))
            #expect(try component.receive().description.contains("griaß di"))
        }
    }

    @Test func `PT-04: the headers say which domains are meant, whatever server name TLS was asked for`() async throws {
        try await script {
            let network = try Network()
            let blocked = "[[remote]]\nname = \"c.example\"\nallow = false\n"
            let node = try Node(
                "a", [.separate("a.example"), .separate("d.example")], in: network,
                settings: "[federation]\nprooftypes = [\"pkix\"]\n\(blocked)")
            let component = try node.connect("a.example")
            for (name, sender, presented, isProven) in [
                ("d.example", "b.example", "b.example", true), ("b.example", "b.example", "b.example", true),
                // Neither a name in TLS nor one in a certificate is a claim.
                ("b.example", "b.example", "c.example", false), ("c.example", "b.example", "c.example", false),
            ] {
                let peer = try Peer(dialling: node.s2s)
                try peer.open(from: sender, to: "a.example")
                try peer.send(Peer.startTLS)
                try peer.read(until: Peer.proceed)
                try peer.secure(presenting: Network.issue(presented).identity(), serverName: name)
                // What we present is that of the header's domain.
                #expect(peer.session?.peerCertificates.first?.subject.contains("a.example") == true)
                let features = try peer.open(from: sender, to: "a.example")
                #expect(features.contains("EXTERNAL") == isProven, "\(name), \(presented)")
                guard isProven else { continue }
                try peer.send(Peer.auth)
                try peer.read(until: Peer.success)
                try peer.open(from: sender, to: "a.example")
                try peer.send(Peer.message("u@b.example", "x@a.example", "by \(name)"))
                #expect(try component.receive().description.contains("by \(name)"))
            }
        }
    }
}
