import Administration
import Demonstration
import Diagnostics
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Two whole daemons, of which one or both are proved by dialback.
@Suite("dialback between two daemons")
struct DialbackCarriageTests {
    private static func associations(_ node: Node) -> [AssociationSummary] {
        let service = node.service
        return wait { await service.associations(with: nil) } ?? []
    }

    @Test(arguments: [1, 2])
    func `OW-01, OW-02, OW-04: who withholds its certificate is proved by its own server, and each way has its stream`(
        loops: Int
    ) async throws {
        try await script {
            let network = try Network()
            let tls = "present_certificate = false"
            let a = try Node("a", [.component("a.example")], in: network, loops: loops, tls: tls)
            let b = try Node("b", [.component("b.example")], in: network, loops: loops, tls: tls)
            try network.setZone(a.records(for: "a") + b.records(for: "b"))
            let sender = try a.connect("a.example")
            let recipient = try b.connect("b.example")
            for number in 0..<100 { try sender.send(Peer.message("x@a.example", "u@b.example", "\(number)")) }
            for number in 0..<100 { #expect(try recipient.receive().text(of: "body") == "\(number)") }
            for number in 0..<100 { try recipient.send(Peer.message("u@b.example", "x@a.example", "\(number)")) }
            for number in 0..<100 { #expect(try sender.receive().text(of: "body") == "\(number)") }
            for node in [a, b] {
                let associations = Self.associations(node)
                #expect(
                    Set(associations.map { "\($0.direction) \($0.mechanism) \($0.prooftype) \($0.level)" }) == [
                        "inbound dialback pkix authenticated", "outbound server-identity pkix authenticated",
                    ])
                #expect(node.metric(.stanzasBounced) == 0)
            }
            // DB-14: what b asks a goes over the stream to it that is made for that; what a asks b, over its own.
            #expect(a.metric(.streamsOpened) == 1)
            #expect(b.metric(.streamsOpened) == 2)
        }
    }
}
