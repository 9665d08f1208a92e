import DNSMessages
import DNSTransport
import Demonstration
import EventLoops
import NameResolution
import TestSupport
import Testing

extension Interop {
    /// Scenario `10-signed-hierarchy`: what nsd serves and unbound carries, judged by our resolver and by unbound.
    @Suite("10: A signed hierarchy")
    struct SignedHierarchyTests {
        private static let scenario = "10-signed-hierarchy"

        /// Each case over a channel, and unbound's own verdict beside ours.
        private static func check(
            _ cases: [SignedHierarchyCase], of zones: [SignedZone], over channels: [DNSNetwork.Channel] = [.clear],
            _ extra: (DNSNetwork, [DNSQuestion: Answer]) throws -> Void = { _, _ in }
        ) throws {
            let network = try DNSNetwork(scenario: scenario, zones: zones)
            try network.showingLogs {
                for channel in channels {
                    let resolver = try ResolverUnderTest(
                        [network.endpoint(channel)], anchor: network.hierarchy.anchorText)
                    let questions = try cases.map { DNSQuestion(try DNSName($0.name), $0.type) }
                    let answers = try resolver.resolve(questions)
                    let wrong = zip(cases, questions).compactMap { one, question in
                        answers[question].flatMap { one.isRight($0, over: channel.transport) ? nil : "\(one): \($0)" }
                    }
                    #expect(wrong.isEmpty, "over \(channel): \(wrong.joined(separator: "\n"))")
                    try extra(network, answers)
                }
                let wrong = try cases.compactMap { one -> String? in
                    let response = try network.askUnbound(one.name, one.type)
                    let status: SecurityStatus =
                        response.code == .serverFailure ? .bogus : response.isAuthenticated ? .secure : .insecure
                    return status == one.unboundStatus ?? one.status ? nil : "\(one): \(response)"
                }
                #expect(wrong.isEmpty, "by unbound: \(wrong.joined(separator: "\n"))")
            }
        }

        @Test func `The embedded name server proves what nsd proves`() throws {
            let network = try DNSNetwork(scenario: Self.scenario, zones: SignedHierarchyCase.zones)
            let embedded = try EmbeddedNameServer(zones: network.hierarchy.zones)
            let address = Endpoint(.first, port: embedded.address.port)
            try network.showingLogs {
                for one in SignedHierarchyCase.all
                where !SignedHierarchyCase.aliases.contains(where: { $0.name == one.name }) {
                    let (ours, theirs) = try (
                        PlainQuestion.ask(one.name, one.type, at: address), network.askNsd(one.name, one.type)
                    )
                    #expect(ours.code == theirs.code, "\(one)")
                    #expect(Set(ours.answers) == Set(theirs.answers), "\(one)")
                    // nsd adds the NS records to a positive answer.
                    let proofs = { (records: [DNSRecord]) in
                        Set(records.filter { $0.type == .nsec || $0.type == .nsec3 || $0.type == .soa }.map(\.owner))
                    }
                    #expect(proofs(ours.authorities) == proofs(theirs.authorities), "\(one)")
                }
            }
        }

        @Test func `DS-01, DT-03, DH-01, DH-03: each zone has its status, over every channel`() throws {
            try Self.check(
                SignedHierarchyCase.statuses, of: SignedHierarchyCase.zones, over: DNSNetwork.Channel.allCases)
        }

        @Test func `DS-05: the digest in the parent decides, and one of an unknown algorithm does not`() throws {
            try Self.check(SignedHierarchyCase.delegations, of: SignedHierarchyCase.zones)
        }

        @Test func `DS-08: denials and wildcards by NSEC`() throws {
            try Self.check(SignedHierarchyCase.denials, of: SignedHierarchyCase.zones) { _, answers in
                for answer in answers.values {
                    let isThere =
                        answer.question.type == .a && "\(answer.question.name)".hasSuffix("any.wildcard.test")
                        && !"\(answer.question.name)".contains("some")
                    #expect(answer.records.isEmpty != isThere, "\(answer)")
                }
            }
        }

        @Test func `DS-06, DS-09: denials, wildcards and unsigned delegations by NSEC3`() throws {
            try Self.check(SignedHierarchyCase.hashedDenials, of: SignedHierarchyCase.zones)
        }

        @Test func `DS-10: too many iterations make a denial insecure`() throws {
            try Self.check(SignedHierarchyCase.iterations, of: SignedHierarchyCase.zones)
        }

        @Test func `DS-13: one insecure alias makes all that follows insecure`() throws {
            try Self.check(SignedHierarchyCase.aliases, of: SignedHierarchyCase.zones)
        }

        @Test func `DS-12: a zone of each algorithm is secure`() throws {
            try Self.check(SignedHierarchyCase.perAlgorithm, of: SignedHierarchyCase.algorithmZones)
        }

        @Test(arguments: DNSNetwork.Channel.allCases.filter { $0 != .httpsByGet })
        func `DS-01, EN-12: the operator's tool says the status, the reason, the server and how it was reached`(
            channel: DNSNetwork.Channel
        ) throws {
            let network = try DNSNetwork(scenario: Self.scenario, zones: SignedHierarchyCase.zones)
            try network.showingLogs {
                for (name, status, code) in [
                    ("www.nsec3.test", "secure", Int32(0)), ("www.unsigned.test", "insecure", 1),
                    ("www.expired.test", "bogus", 2),
                ] {
                    let (text, exit) = try network.lookUp(name, "A", over: channel)
                    #expect(exit == .exited(code: code), "\(text)")
                    #expect(text.contains(#""status" : "\#(status)""#), "\(text)")
                    #expect(text.contains(#""transport" : "\#(channel.transport.rawValue)""#) || code == 2, "\(text)")
                    #expect(text.contains("192.0.2.1") == (code != 2), "\(text)")
                }
            }
        }
    }
}
