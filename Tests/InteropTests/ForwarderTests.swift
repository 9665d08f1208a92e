import DNSMessages
import DNSTransport
import Demonstration
import NameResolution
import TestSupport
import Testing

extension Interop {
    /// Scenario `11-forwarders`: what stands between us and an honest server lies, or is slow.
    @Suite("11: Forwarders that lie")
    struct ForwarderTests {
        private static let zones: [SignedZone] = [
            .signed("test"), .signed("a.test"), .signed("b.test", denial: .hashed()), .unsigned("c.test"),
        ]

        private static func run(
            serverName: String = DNSNetwork.serverName, _ body: (DNSNetwork, Forwarder) throws -> Void
        ) throws {
            let network = try DNSNetwork(scenario: "11-forwarders", zones: zones)
            let forwarder = try Forwarder(to: network.clear, serverName: serverName)
            try network.showingLogs { try body(network, forwarder) }
        }

        private static func expectBogus(_ answer: Answer) {
            guard case .failed(.bogus(let reason)) = answer.content else {
                Issue.record("\(answer)")
                return
            }
            #expect(!reason.isEmpty && answer.security == .bogus && answer.report?.status == .bogus)
        }

        @Test func `DS-01: a forwarder that strips signatures makes signed names bogus`() throws {
            try Self.run { network, forwarder in
                let anchor = network.hierarchy.anchorText
                // Honest, it is as good as unbound itself.
                let honest = try ResolverUnderTest([forwarder.clear], anchor: anchor)
                #expect(try honest.resolve("www.a.test", .a).security == .secure)
                #expect(try honest.resolve("www.c.test", .a).security == .insecure)

                forwarder.server.setFault(.stripSignatures)
                let resolver = try ResolverUnderTest([forwarder.clear], anchor: anchor)
                for name in ["www.a.test", "www.b.test", "nothing.a.test", "www.c.test"] {
                    Self.expectBogus(try resolver.resolve(name, .a))
                }
                // With the server's own word for it, AD is missing as well.
                let trusting = try ResolverUnderTest([forwarder.clear], anchor: "", validation: .server)
                #expect(try trusting.resolve("www.a.test", .a).security == .insecure)
                forwarder.server.setFault(nil)
                let told = try ResolverUnderTest([forwarder.clear], anchor: "", validation: .server)
                #expect(try told.resolve("www.a.test", .a).security == .secure)
            }
        }

        @Test func `DS-01: a forged address or service is bogus, and an honest server is asked in place of the liar`()
            throws
        {
            try Self.run { network, forwarder in
                let address = try DNSName("www.a.test")
                let service = try DNSName("_xmpp-server._tcp.a.test")
                let lies: [DNSRecord] = try MasterFile.read(
                    """
                    www.a.test. 3600 A 192.0.2.66
                    _xmpp-server._tcp.a.test. 3600 SRV 0 0 5269 attacker.example.
                    """)
                for isSigned in [false, true] {
                    for (lie, name) in zip(lies, [address, service]) {
                        forwarder.server.setFault(
                            isSigned ? .forgeUnderSignature([lie]) : .forge([lie]), for: lie.type, at: name)
                    }
                    let anchor = network.hierarchy.anchorText
                    let resolver = try ResolverUnderTest([forwarder.clear], anchor: anchor)
                    Self.expectBogus(try resolver.resolve("www.a.test", .a))
                    Self.expectBogus(try resolver.resolve("_xmpp-server._tcp.a.test", .srv))
                    #expect(try resolver.resolve("www.b.test", .a).security == .secure)

                    let both = try ResolverUnderTest([forwarder.clear, network.endpoint(.tls)], anchor: anchor)
                    let answer = try both.resolve("_xmpp-server._tcp.a.test", .srv)
                    #expect(answer.security == .secure && answer.records.count == 1, "\(answer)")
                    #expect(!answer.records.contains { $0.data == lies[1].data })
                    #expect(answer.source?.transport == .tls)
                }
            }
        }

        @Test func `DS-06, DS-08: without its proofs a denial, a wildcard or an unsigned delegation is bogus`() throws {
            try Self.run { network, forwarder in
                forwarder.server.setFault(.stripDenial)
                let resolver = try ResolverUnderTest([forwarder.clear], anchor: network.hierarchy.anchorText)
                #expect(try resolver.resolve("www.a.test", .a).security == .secure)
                for name in ["nothing.a.test", "nothing.b.test", "x.any.a.test", "x.any.b.test", "www.c.test"] {
                    Self.expectBogus(try resolver.resolve(name, .a))
                }
            }
        }

        @Test func `DN-16: what is truncated over UDP is asked for again over TCP`() throws {
            try Self.run { network, forwarder in
                forwarder.server.setFault(.truncate)
                let resolver = try ResolverUnderTest([forwarder.clear], anchor: network.hierarchy.anchorText)
                let answer = try resolver.resolve("www.a.test", .a)
                #expect(answer.security == .secure && answer.source?.transport == .tcp, "\(answer)")
                let queries = forwarder.server.queries
                #expect(Set(queries.map(\.transport)) == [.udp, .tcp])
                // All that is asked is asked of this server's zones with signatures, and unchecked by it (DS-14).
                #expect(queries.allSatisfy { $0.wantsSignatures && $0.disablesChecking && $0.payloadOctets == 1232 })
                #expect(queries.allSatisfy { !$0.isPadded })
            }
        }

        @Test func `DN-16: a slow forwarder is waited for, and then the next server is asked`() throws {
            try Self.run { network, forwarder in
                let anchor = network.hierarchy.anchorText
                forwarder.server.setDelay(.milliseconds(300))
                let patient = try ResolverUnderTest([forwarder.clear], anchor: anchor)
                #expect(try patient.resolve("www.a.test", .a).security == .secure)
                forwarder.server.setDelay(.seconds(30))
                let limits = LookupLimits(tryTimeout: .milliseconds(150), rounds: 2, overall: .seconds(2))
                let impatient = try ResolverUnderTest([forwarder.clear], anchor: anchor, limits: limits)
                #expect(try impatient.resolve("www.b.test", .a).failure == .timedOut)
                let stubborn = LookupLimits(tryTimeout: .milliseconds(300), rounds: 3, overall: .seconds(10))
                let both = try ResolverUnderTest(
                    [forwarder.clear, network.endpoint(.tls)], anchor: anchor, limits: stubborn)
                #expect(try both.resolve("www.b.test", .a).security == .secure)
            }
        }

        @Test func `DP-01: under strict nothing is asked of a server with the wrong name, and nothing in clear`() throws
        {
            try Self.run(serverName: "other.example") { network, forwarder in
                let anchor = network.hierarchy.anchorText
                let strict = try ResolverUnderTest([forwarder.encrypted()], anchor: anchor)
                let refused = try strict.resolve("www.a.test", .a)
                guard case .failed(.notAuthenticated(let reason)) = refused.content else {
                    Issue.record("\(refused)")
                    return
                }
                #expect(!reason.isEmpty && refused.security != .secure)
                #expect(forwarder.server.queries.isEmpty)

                // Opportunistic, it is better than nothing (RFC 8310 §5), and signatures still count.
                let profile = UpstreamServer.Profile.opportunistic
                let opportunistic = try ResolverUnderTest([forwarder.encrypted(profile: profile)], anchor: anchor)
                let answer = try opportunistic.resolve("www.a.test", .a)
                #expect(answer.security == .secure && answer.source?.isAuthenticated == false, "\(answer)")
                #expect(forwarder.server.queries.allSatisfy { $0.transport == .tls })
                // unbound's own certificate under another name, over HTTPS as well.
                for channel in [DNSNetwork.Channel.tls, .https] {
                    let endpoint = try network.endpoint(channel, serverName: "wrong.example")
                    let answer = try ResolverUnderTest([endpoint], anchor: anchor).resolve("www.a.test", .a)
                    guard case .failed(.notAuthenticated) = answer.content else {
                        Issue.record("\(channel): \(answer)")
                        continue
                    }
                }
            }
        }

        @Test func `DT-03: a hundred questions share one connection, padded, and survive its end`() throws {
            try Self.run { network, forwarder in
                let resolver = try ResolverUnderTest(
                    [forwarder.encrypted()], anchor: network.hierarchy.anchorText)
                let questions = try (0..<100).map { DNSQuestion(try DNSName("name-\($0).any.a.test"), .a) }
                let answers = try resolver.resolve(questions)
                #expect(answers.values.allSatisfy { $0.security == .secure && $0.records.count == 1 })
                let queries = forwarder.server.queries
                #expect(Set(queries.map(\.connection)) == [1])
                #expect(queries.allSatisfy { $0.transport == .tls && $0.isPadded && $0.octets.isMultiple(of: 128) })

                // The server ends the connection once, in the middle of many questions.
                forwarder.server.setFault(.disconnect, at: try DNSName("last.any.a.test"))
                _ = try resolver.resolve("last.any.a.test", .a)
                forwarder.server.setFault(nil, at: try DNSName("last.any.a.test"))
                #expect(try resolver.resolve("www.b.test", .a).security == .secure)
                #expect(Set(forwarder.server.queries.map(\.connection)).count > 1)
            }
        }
    }
}
