import Administration
import DNSMessages
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity

/// Somebody between a daemon and its name server, with a certificate for `b.example` that everybody trusts.
@Suite("forged answers")
struct ForgeryTests {
    private final class Stage {
        let network: Network
        let node: Node
        let component: ComponentClient
        /// Where `b.example` really is.
        let honest: ByteListener
        /// Where the forger wants the daemon to go.
        let forger: ByteListener

        init(isSigned: Bool = true) throws {
            honest = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            forger = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let zone = Self.records(of: honest.endpoint)
            network = isSigned ? try Network(signed: zone) : try Network(zone: zone)
            node = try Node("a", [.component("a.example")], in: network)
            component = try node.connect("a.example")
        }

        static func records(of endpoint: Endpoint) -> String {
            "_xmpp-server._tcp.b SRV 0 0 \(endpoint.port) host\nhost A \(endpoint.address)\n"
        }

        /// Puts records that lead to the forger in the place of those of a type.
        func forge(_ type: RecordType, underSignature: Bool = false) throws {
            let forged = try EmbeddedZone(origin: "example", text: Self.records(of: forger.endpoint))
            let name = try DNSName(type == .srv ? "_xmpp-server._tcp.b.example" : "host.example")
            let records = forged.reply(to: DNSQuestion(name, type)).answers
            try #require(!records.isEmpty)
            network.nameServer.setFault(
                underSignature ? .forgeUnderSignature(records) : .forge(records), for: type, at: name)
        }

        func send() throws { try component.send(Peer.message("x@a.example", "u@b.example", "hello")) }

        func isUntouched(_ listener: ByteListener) -> Bool { (try? listener.accept(within: .zero)) == nil }
    }

    @Test(arguments: [RecordType.srv, .a], [false, true])
    func `DA-02, DS-01, DN-08: forged records of a signed domain lead to no stream`(
        type: RecordType, underSignature: Bool
    ) async throws {
        try await script {
            let stage = try Stage()
            try stage.forge(type, underSignature: underSignature)
            try stage.send()
            let error = try stage.component.receive().description
            // RT-06: nobody knows where the domain is; the text says which record is forged, and how one can tell.
            #expect(error.contains("remote-server-not-found"), "\(error)")
            let signed = type == .srv ? "_xmpp-server._tcp.b.example SRV" : "host.example A"
            #expect(error.contains("DNSSEC validation failed") && error.contains(signed), "\(error)")
            #expect(stage.isUntouched(stage.forger) && stage.isUntouched(stage.honest))
            #expect(stage.node.metric(.proofsEstablished) == 0)
        }
    }

    @Test func `DS-06: signatures and proofs that are stripped do not make a signed domain an unsigned one`()
        async throws
    {
        try await script {
            let stage = try Stage()
            stage.network.nameServer.setFault(.stripSignatures)
            try stage.send()
            #expect(try stage.component.receive().contains("remote-server-not-found"))
            #expect(stage.isUntouched(stage.honest))
        }
    }

    @Test func `without signatures the forger is believed: this is what they are for`() async throws {
        try await script {
            let stage = try Stage(isSigned: false)
            try stage.forge(.a)
            let forged = try EmbeddedZone(origin: "example", text: Stage.records(of: stage.forger.endpoint))
            stage.network.nameServer.replaceZones([forged])
            try stage.send()
            let peer = try Peer(accepted: stage.forger.accept())
            try peer.serve("b.example")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    @Test(arguments: [true, false])
    func `CM-14: a certificate for the service's host counts where the records that name it are signed`(
        isSigned: Bool
    ) async throws {
        try await script {
            let stage = try Stage(isSigned: isSigned)
            try stage.send()
            let peer = try Peer(accepted: stage.honest.accept())
            guard isSigned else {
                // The daemon leaves as soon as it has seen the certificate.
                #expect(throws: (any Error).self) { try peer.serve("b.example", with: Network.issue("host.example")) }
                let error = try stage.component.receive().description
                #expect(error.contains("is not for b.example; it names host.example"), "\(error)")
                return
            }
            try peer.serve("b.example", with: Network.issue("host.example"))
            #expect(try peer.read(until: "</message>").contains("hello"))
            let service = stage.node.service
            let associations = wait { await service.associations(with: nil) } ?? []
            let outbound = try #require(associations.first { $0.direction == .outbound })
            #expect(outbound.secureDelegation)
            let evidence = outbound.evidence.findings.filter { $0.name == "delegation" }.map(\.value)
            #expect(evidence.first?.contains("RRSIG of _xmpp-server._tcp.b.example SRV by key") == true, "\(evidence)")
        }
    }
}
