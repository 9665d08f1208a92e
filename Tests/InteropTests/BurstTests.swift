import TestSupport
import Testing

extension Interop {
    /// Scenario `06-bursts`.
    @Suite("06: Bursts")
    struct BurstTests {
        private static let count = 1000

        @Test(arguments: [ForeignServer.Kind.prosody, .ejabberd])
        func `RT-04: 1,000 messages each way arrive in order, Ligase's first before there is a stream`(
            kind: ForeignServer.Kind
        ) throws {
            try Pairing("06-bursts", with: kind, zone: "\(kind.rawValue).zone").run { pairing in
                // Compatibility: Prosody 0.12.3 sends what comes between its authentication and the next features
                // before what it had queued, so its own burst waits until it has a stream.
                try pairing.peerSide.send(
                    "<message from='a@\(pairing.peerSide.domain)' to='b@\(pairing.ligaseSide.domain)' id='first'/>")
                #expect(try pairing.ligaseSide.receive().attribute("id") == "first")

                try Self.sendBurst(from: pairing.ligaseSide, to: pairing.peerSide)
                try Self.sendBurst(from: pairing.peerSide, to: pairing.ligaseSide)
                try Self.expectBurst(at: pairing.peerSide)
                try Self.expectBurst(at: pairing.ligaseSide)
            }
        }

        private static func sendBurst(from sender: ComponentClient, to receiver: ComponentClient) throws {
            for number in 0..<count {
                // Bare and full addresses take the same way.
                let resource = number.isMultiple(of: 2) ? "" : "/phone"
                try sender.send(
                    """
                    <message from='a@\(sender.domain)' to='b@\(receiver.domain)\(resource)' id='\(number)'>\
                    <body>Number \(number)</body></message>
                    """)
            }
        }

        private static func expectBurst(at receiver: ComponentClient) throws {
            var identifiers: [String] = []
            while identifiers.count < count {
                let message = try receiver.receive()
                guard message.attribute("type") != "error" else {
                    Issue.record("\(message)")
                    return
                }
                identifiers.append(message.attribute("id") ?? "")
            }
            #expect(identifiers == (0..<count).map(String.init), "at \(receiver.domain)")
        }
    }
}
