import DNSMessages
import Demonstration
import EventLoops
import Glibc
import TestSupport
import Testing

extension Interop {
    /// Scenario `13-forged-delegation`: somebody on the way sends the traffic of a signed domain to a server of his own.
    @Suite("13: A forged delegation")
    struct ForgedDelegationTests {
        private static let scenario = "13-forged-delegation"

        /// The daemon with a component, the place where `peer.test` really is, and one where an attacker waits.
        private struct Scene {
            let directory: TemporaryDirectory
            let nameServer: EmbeddedNameServer
            let ligase: LigaseServer
            let component: ComponentClient
            let peer: ByteListener
            let attacker: ByteListener

            init() throws {
                directory = try TemporaryDirectory()
                let authority = try CertificateAuthority()
                let place = try ServerPlace(
                    named: "ligase", certificate: authority.issue(CertificateRequest(["ligase.example"])))
                let peerPlace = try ServerPlace(
                    named: "peer", certificate: authority.issue(CertificateRequest(["peer.test"])))
                var values = ["directory": directory.path, "authority": authority.certificate]
                values.merge(place.templateValues) { first, _ in first }
                values.merge(peerPlace.templateValues) { first, _ in first }
                let text = try Template(file: TestNetwork.path(of: "peer.test.zone", for: scenario)).filled(
                    with: values)
                let hierarchy = try SignedHierarchy(
                    [.signed("test"), .signed("peer.test", text)], now: Int64(time(nil)))
                try directory.write(hierarchy.anchorText, to: "anchor")
                nameServer = try EmbeddedNameServer(zones: hierarchy.zones)
                values["name_server.address"] = "127.0.0.1"
                values["name_server.port"] = "\(nameServer.address.port)"
                peer = try ByteListener(at: peerPlace.s2s)
                attacker = try ByteListener(at: Endpoint.unused(on: .unused()))
                ligase = try LigaseServer(
                    configuration: Template(file: TestNetwork.path(of: "ligase.toml", for: scenario)).filled(
                        with: values),
                    in: directory)
                component = try place.connectComponent()
            }

            func sendMessage() throws {
                try component.send(
                    "<message from='u@ligase.example' to='x@peer.test' id='t1'><body>Hello</body></message>")
            }

            /// Points `peer.test` at the attacker: without signatures, or under those of the true records.
            func forge(underSignatures: Bool) throws {
                let lies = try MasterFile.read(
                    """
                    _xmpp-server._tcp.peer.test. 3600 SRV 0 0 \(attacker.endpoint.port) xmpp.peer.test.
                    xmpp.peer.test. 3600 A \(attacker.endpoint.address)
                    """)
                for lie in lies {
                    nameServer.setFault(underSignatures ? .forgeUnderSignature([lie]) : .forge([lie]), for: lie.type)
                }
            }
        }

        @Test func `DS-01: an honest answer leads to the peer`() throws {
            let scene = try Scene()
            try scene.sendMessage()
            let stream = StreamConversation(over: try scene.peer.accept(), with: "ligased")
            #expect(try stream.receiveHeader().attribute("to") == "peer.test")
            #expect(scene.nameServer.queries.allSatisfy { $0.wantsSignatures && $0.disablesChecking })
        }

        @Test(arguments: [false, true])
        func `DN-08, DS-01: who forges the service of a signed domain gets no stream`(underSignatures: Bool) throws {
            let scene = try Scene()
            try scene.forge(underSignatures: underSignatures)
            try scene.sendMessage()
            let bounce = try scene.component.receive()
            #expect(bounce.attribute("id") == "t1" && bounce.contains("remote-server-not-found"), "\(bounce)")
            for listener in [scene.attacker, scene.peer] {
                // Whoever was dialled would wait in the listener's queue.
                #expect(throws: HarnessFailure.self) { try listener.accept(within: .milliseconds(100)) }
            }
        }
    }
}
