import Administration
import DNSMessages
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// A daemon and `b.example`, whose zone is signed and holds TLSA records.
@Suite("TLSA records")
struct DANETests {
    /// Plays a server that knows no TLS; what comes in clear.
    private static func refuseTLS(_ peer: Peer) throws -> String {
        try peer.serveHeader("b.example", "<stream:features/>")
        try peer.read(until: Peer.startTLS)
        try peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
        return try peer.readToEnd()
    }

    // MARK: - Servers that we dial

    @Test func `DA-06, DA-11, PT-03: the key at port and target proves, and nothing else is looked at`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            // What stands below the service domain has no effect.
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: own.certificate)) + "\n_PORT._tcp.b \(Network.wrongTLSA)")
            #expect(try stage.delivers(to: own))
            let association = try stage.association(.outbound)
            #expect(association.prooftype == "dane" && association.secureDelegation)
            let port = stage.listener.endpoint.port
            let findings = association.evidence.findings
            #expect(findings.first?.value == "TLSA 3 1 1 at _\(port)._tcp.host.example")
            #expect(findings.contains { $0.name == "dnssec" && $0.value.contains("secure: ") })
            #expect(association.verdicts.map(\.prooftype) == ["dane", "posh", "pkix"])
            #expect(association.expires != nil)
            #expect(stage.network.questions.contains("_\(port)._tcp.host.example TLSA"))
            #expect(!stage.network.questions.contains("_\(port)._tcp.b.example TLSA"))
        }
    }

    @Test func `DA-08: an interceptor whom every authority believes is refused where a key is published`() async throws
    {
        try await script {
            let stage = try DANEStage(DANEStage.records(Network.wrongTLSA))
            #expect(try !stage.delivers(to: Network.issue("b.example")))
            let error = try stage.component.receive().description
            #expect(error.contains("matches none of the 1 usable TLSA records"), "\(error)")
            #expect(stage.node.metric(.proofsEstablished) == 0)
            #expect(stage.node.log.contains("matches none of the 1 usable TLSA records"))
        }
    }

    @Test func `DA-08: after a server that does not match, or knows no TLS, the next one is tried`() async throws {
        try await script {
            let good = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let own = try Network.selfSigned("b.example")
            let other = good.endpoint
            let records =
                DANEStage.records(Network.wrongTLSA) + """

                    _xmpp-server._tcp.b SRV 1 0 \(other.port) good
                    good A \(other.address)
                    _\(other.port)._tcp.good \(Network.tlsa(3, 1, of: own.certificate))
                    """
            for offersTLS in [true, false] {
                let stage = try DANEStage(records)
                try stage.send()
                let bad = try Peer(accepted: stage.listener.accept())
                if offersTLS {
                    #expect(throws: (any Error).self) { try bad.serve("b.example", with: Network.issue("b.example")) }
                } else {
                    #expect(try !Self.refuseTLS(bad).contains("<message"))
                }
                let peer = try Peer.serving(good, domain: "b.example", with: own)
                #expect(try peer.read(until: "</message>").contains("hello"))
            }
        }
    }

    @Test(arguments: ["TLSA 9 9 9 0909", "TLSA 3 1 1 0102"], [true, false])
    func `DA-09: where no record can be used PKIX decides, and TLS stays mandatory`(
        record: String, hasTLS: Bool
    ) async throws {
        try await script {
            let stage = try DANEStage(DANEStage.records(record))
            guard hasTLS else {
                try stage.send()
                let peer = try Peer(accepted: stage.listener.accept())
                #expect(try !Self.refuseTLS(peer).contains("<message"))
                return
            }
            #expect(try stage.delivers(to: Network.issue("b.example")))
            #expect(try stage.association(.outbound).prooftype == "pkix")
        }
    }

    /// How a TLSA answer can be kept from us.
    private static let withheld: [NameServerFault] = [.serverFailure, .stripSignatures, .stripDenial, .emptyAnswer]

    @Test(arguments: withheld)
    func `DA-07: where the TLSA answer is withheld the server is not contacted`(fault: NameServerFault) async throws {
        try await script {
            let stage = try DANEStage(fault == .stripDenial ? "" : DANEStage.records(Network.wrongTLSA))
            let owner = try DNSName("_\(stage.listener.endpoint.port)._tcp.host.example")
            stage.network.nameServer.setFault(fault, for: .tlsa, at: owner)
            try stage.send()
            let error = try stage.component.receive().description
            #expect(error.contains("TLSA records of host.example"), "\(error)")
            #expect(stage.isUntouched)
        }
    }

    @Test func `DA-05, DA-07: a server of which nothing can be known is passed over for the next`() async throws {
        try await script {
            let good = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            for type in [RecordType.a, .tlsa] {
                let stage = try DANEStage(
                    """
                    _xmpp-server._tcp.b SRV 1 0 \(good.endpoint.port) good
                    good A \(good.endpoint.address)
                    """)
                let name = type == .a ? "host.example" : "_\(stage.listener.endpoint.port)._tcp.host.example"
                stage.network.nameServer.setFault(.stripSignatures, for: type, at: try DNSName(name))
                if type == .tlsa { stage.network.nameServer.setFault(.stripDenial, for: type, at: try DNSName(name)) }
                try stage.send()
                let peer = try Peer.serving(good, domain: "b.example")
                #expect(try peer.read(until: "</message>").contains("hello"))
                #expect(stage.isUntouched)
            }
        }
    }

    @Test func `DA-03, DA-07: a proven absence is no obstacle, and keys change no order`() async throws {
        try await script {
            let other = try Endpoint.unused(on: LoopbackAddress.unused())
            let stage = try DANEStage(
                """
                _xmpp-server._tcp.b SRV 1 0 \(other.port) other
                other A \(other.address)
                _\(other.port)._tcp.other \(Network.wrongTLSA)
                """)
            #expect(try stage.delivers(to: Network.issue("b.example")))
            let association = try stage.association(.outbound)
            #expect(association.prooftype == "pkix")
            #expect(association.verdicts.first?.reason.contains("no secure TLSA records") == true)
        }
    }

    @Test func `DA-01, DA-04: what is not signed counts for nothing, and nobody waits for it`() async throws {
        try await script {
            // A secure service record, and a host whose zone is not signed and answers nothing.
            let stage = try DANEStage(
                "", service: "_xmpp-server._tcp.b SRV 0 0 PORT host.unsigned",
                unsigned: "host A PLACE\n_PORT._tcp.host \(Network.wrongTLSA)")
            let owner = try DNSName("_\(stage.listener.endpoint.port)._tcp.host.unsigned.example")
            stage.network.nameServer.setFault(.drop, for: .tlsa, at: owner)
            #expect(try stage.delivers(to: Network.issue("b.example")))
            #expect(try stage.association(.outbound).prooftype == "pkix")
        }
    }

    @Test func `DA-13: an authority of the domain's own proves, for the host and for the domain`() async throws {
        try await script {
            var template = Network.template("Private Root", [])
            template.isAuthority = true
            let root = try CertificateAuthority.root(template)
            template.commonName = "Private Intermediate"
            let middle = try root.subordinate(template)
            for (name, isDelivered) in [("b.example", true), ("host.example", true), ("c.example", false)] {
                let stage = try DANEStage(DANEStage.records(Network.tlsa(2, 0, of: middle.issued.certificate)))
                #expect(try stage.delivers(to: middle.issue(Network.template(name, [name]))) == isDelivered)
            }
        }
    }

    @Test func `DA-19: without service records the domain's own TLSA records bind`() async throws {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            for (record, isDelivered) in [(Network.tlsa(3, 1, of: own.certificate), true), (Network.wrongTLSA, false)] {
                let stage = try DANEStage("_5269._tcp.b \(record)\nb A PLACE", service: "", at: 5269)
                #expect(try stage.delivers(to: own) == isDelivered)
            }
        }
    }

    @Test func `DA-20: direct TLS is judged by the records of its own port`() async throws {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: own.certificate)) + """

                    _xmpp-server._tcp.b SRV 1 0 5269 host
                    _5269._tcp.host \(Network.wrongTLSA)
                    """, service: "_xmpps-server._tcp.b SRV 0 0 PORT host")
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.secureAsServer(with: own.identity())
            try peer.serveAuthentication("b.example")
            #expect(try peer.read(until: "</message>").contains("hello"))
            #expect(try stage.association(.outbound).prooftype == "dane")
        }
    }

    // MARK: - Policy

    /// Lines of `[federation]`, what is published, and whether a certificate that is only known by its key and one that
    /// only an authority vouches for are accepted.
    private static let policies: [(settings: String, published: String, key: Bool, authority: Bool)] = [
        ("dane = \"required\"", "right", true, false), ("dane = \"required\"", "nothing", false, false),
        ("dane = \"when-published\"", "right", true, false), ("dane = \"when-published\"", "nothing", false, true),
        ("dane = \"off\"", "right", true, true), ("dane = \"off\"", "wrong", false, true),
        ("prooftypes = [\"pkix\"]", "right", false, false), ("prooftypes = [\"pkix\"]", "nothing", false, true),
        ("prooftypes = [\"dane\"]", "right", true, false), ("prooftypes = [\"dane\"]", "nothing", false, false),
        ("dane_usages = [0, 1, 2]", "right", false, true),
    ]

    @Test(arguments: policies)
    func `DA-08, DA-21: what is published, what is asked for and what proves, both ways`(
        settings: String, published: String, key: Bool, authority: Bool
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let vouched = try Network.issue("b.example")
            let records =
                switch published {
                case "right": DANEStage.records(Network.tlsa(3, 1, of: own.certificate))
                case "wrong": DANEStage.records(Network.wrongTLSA)
                default: ""
                }
            for (issued, isAccepted) in [(own, key), (vouched, authority)] {
                let stage = try DANEStage(records, federation: settings)
                #expect(try stage.offer(to: issued).contains("EXTERNAL") == isAccepted)
                #expect(try stage.delivers(to: issued) == isAccepted)
            }
        }
    }

    @Test func `DA-08: a match proves nothing where only PKIX proves, and is shown as a match`() async throws {
        try await script {
            let issued = try Network.issue("b.example")
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: issued.certificate)), federation: "prooftypes = [\"pkix\"]")
            #expect(try stage.delivers(to: issued))
            let association = try stage.association(.outbound)
            #expect(association.prooftype == "pkix")
            #expect(association.verdicts.map(\.result) == ["matched", "proven"])
            #expect(stage.node.log.contains("dane: matched TLSA 3 1 1 at"))
        }
    }

    // MARK: - Servers that dial us

    @Test func `DA-21: a key that is published for any server of the domain is believed`() async throws {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            let stage = try DANEStage(
                """
                _PORT._tcp.host \(Network.wrongTLSA)
                _xmpp-server._tcp.b SRV 1 0 5270 other
                other A 127.0.0.1
                _5270._tcp.other \(Network.tlsa(3, 1, of: own.certificate))
                """)
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            try peer.send(Peer.message("u@b.example", "x@a.example", "hello"))
            let received = try stage.component.receive().description
            #expect(received.contains("hello"), "\(received)")
            let association = try stage.association(.inbound)
            #expect(association.prooftype == "dane")
            #expect(association.evidence.findings.first?.value == "TLSA 3 1 1 at _5270._tcp.other.example")
        }
    }

    @Test func `DA-21: an impostor whom every authority believes is offered no EXTERNAL`() async throws {
        try await script {
            let stage = try DANEStage(DANEStage.records(Network.wrongTLSA))
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            #expect(stage.node.log.contains("matches none of the 1 usable TLSA records"))
        }
    }

    @Test(arguments: [NameServerFault.serverFailure, .stripSignatures], [RecordType.tlsa, .srv])
    func `DA-21: what is withheld is not taken for nothing`(fault: NameServerFault, type: RecordType) async throws {
        try await script {
            let stage = try DANEStage(DANEStage.records(Network.wrongTLSA))
            let owner = "_\(stage.listener.endpoint.port)._tcp.host.example"
            stage.network.nameServer.setFault(
                fault, for: type, at: try DNSName(type == .srv ? "_xmpp-server._tcp.b.example" : owner))
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            #expect(stage.node.log.contains("could not be found out"))
        }
    }

    @Test func `DA-21: where no signature is checked, a lookup that fails hides nothing`() async throws {
        try await script {
            let stage = try DANEStage(
                DANEStage.records(Network.wrongTLSA), federation: "[dns]\nvalidation = \"off\"")
            stage.network.nameServer.setFault(
                .serverFailure, for: .srv, at: try DNSName("_xmpp-server._tcp.b.example"))
            #expect(try stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
        }
    }
}
