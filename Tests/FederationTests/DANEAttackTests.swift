import DNSMessages
import Demonstration
import Diagnostics
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Somebody with a certificate for `b.example` that everybody trusts sits before its server, before its name servers, or
/// connects in its name. Each attack fails, and what is said of it names the record or the certificate.
@Suite("attacks on a domain that publishes its keys")
struct DANEAttackTests {
    // MARK: - In between

    @Test func `DA-08, DA-21: an interceptor whom every authority believes gets nothing, whoever calls whom`()
        async throws
    {
        try await script {
            let (own, forged) = (try Network.selfSigned("b.example"), try Network.issue("b.example"))
            let stage = try DANEStage(DANEStage.records(Network.tlsa(3, 1, of: own.certificate)))
            #expect(try !stage.delivers(to: forged))
            let error = try stage.bounce()
            let port = stage.listener.endpoint.port
            for part in [
                "b.example could not be proved", "dane: certificate \(forged.certificate.sha256Text.prefix(16))",
                "matches none of the 1 usable TLSA records at _\(port)._tcp.host.example", "pkix: ",
            ] { #expect(error.contains(part), "\(error)") }
            #expect(try !stage.offer(to: forged).contains("EXTERNAL"))
            // Nor does he authenticate without being invited.
            #expect(throws: (any Error).self) {
                try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: forged)
            }
            #expect(stage.node.metric(.proofsRefused) == 3 && stage.node.metric(.proofsEstablished) == 0)
            #expect(stage.node.log.contains(forged.certificate.sha256Text))
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
        }
    }

    @Test func `DA-06: keys that he can have published elsewhere prove nothing`() async throws {
        try await script {
            let forged = try Network.selfSigned("b.example")
            let key = Network.tlsa(3, 1, of: forged.certificate)
            for owner in [
                "_5270._tcp.host", "_PORT._tcp.b", "_PORT._udp.host", "_0PORT._tcp.host", "_xmpp-server._tcp.host",
                "_PORT._tcp.*", "host",
            ] {
                let stage = try DANEStage("\(owner) \(key)")
                #expect(try !stage.delivers(to: forged), "\(owner)")
                #expect(try stage.bounce().contains("dane: no secure TLSA records"))
                #expect(try !stage.offer(to: forged).contains("EXTERNAL"), "\(owner)")
            }
        }
    }

    // MARK: - Answers that are withheld, and others that are given

    /// What he does to TLSA answers, or to SRV answers.
    private static let faults: [NameServerFault] = [
        .serverFailure, .stripSignatures, .emptyAnswer, .garbage, .drop, .claimAuthenticated,
    ]

    private static func forgery(_ text: String, _ name: String, _ type: RecordType) throws -> [DNSRecord] {
        let zone = try EmbeddedZone(origin: "example", text: text)
        return zone.reply(to: DNSQuestion(try DNSName(name), type)).answers
    }

    @Test(arguments: [RecordType.tlsa, .srv], [false, true])
    func `DA-02, DA-07, DA-21: records of his own are not believed, with signatures of others or without`(
        type: RecordType, underSignature: Bool
    ) async throws {
        try await script {
            let (own, forged) = (try Network.selfSigned("b.example"), try Network.selfSigned("b.example"))
            let stage = try DANEStage(DANEStage.records(Network.tlsa(3, 1, of: own.certificate)))
            let forger = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let text = DANEStage.filled(
                "_xmpp-server._tcp.b SRV 0 0 \(forger.endpoint.port) forger\nforger A \(forger.endpoint.address)\n"
                    + DANEStage.records(Network.tlsa(3, 1, of: forged.certificate)), stage.listener.endpoint)
            let port = stage.listener.endpoint.port
            let name = type == .srv ? "_xmpp-server._tcp.b.example" : "_\(port)._tcp.host.example"
            let records = try Self.forgery(text, name, type)
            try #require(!records.isEmpty)
            stage.network.nameServer.setFault(
                underSignature ? .forgeUnderSignature(records) : .forge(records), for: type, at: try DNSName(name))
            try stage.send()
            let error = try stage.bounce()
            #expect(error.contains("DNSSEC validation failed") && error.contains("\(name) \(type)"), "\(error)")
            #expect(stage.isUntouched && (try? forger.accept(within: .zero)) == nil)
            for issued in [forged, try Network.issue("b.example")] {
                #expect(try !stage.offer(to: issued).contains("EXTERNAL"))
            }
        }
    }

    @Test(arguments: faults, [RecordType.tlsa, .srv])
    func `DA-02, DA-07, DA-21: what he withholds is missed, and no weaker proof takes its place`(
        fault: NameServerFault, type: RecordType
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            // Without service records the domain itself would be dialled.
            let stage = try DANEStage("\(DANEStage.records(Network.tlsa(3, 1, of: own.certificate)))\nb A PLACE")
            let port = stage.listener.endpoint.port
            let name = try DNSName(type == .srv ? "_xmpp-server._tcp.b.example" : "_\(port)._tcp.host.example")
            stage.network.nameServer.setFault(fault, for: type, at: name)
            guard fault != .claimAuthenticated else {
                // A flag that any forwarder can set changes nothing here.
                #expect(try !stage.delivers(to: Network.issue("b.example")))
                #expect(try stage.offer(to: own).contains("EXTERNAL"))
                return
            }
            try stage.send()
            let error = try stage.bounce()
            #expect(
                error.contains(type == .srv ? "SRV lookup for b.example failed" : "TLSA records of host"), "\(error)")
            #expect(stage.isUntouched)
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            #expect(stage.node.log.contains("could not be found out"))
        }
    }

    @Test func `DA-07: an answer that does not fit a datagram is asked for once more, and its loss is missed`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("b.example")
            for isLost in [false, true] {
                let stage = try DANEStage(DANEStage.records(Network.tlsa(3, 1, of: own.certificate)))
                stage.network.nameServer.setFault(.truncate, for: .tlsa)
                if isLost { stage.network.nameServer.setStreamFault(.disconnect, for: .tlsa) }
                #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
                #expect(try stage.offer(to: own).contains("EXTERNAL") == !isLost)
                let reason = isLost ? "could not be found out" : "matches none of the 1 usable TLSA records"
                #expect(stage.node.log.contains(reason))
            }
        }
    }

    // MARK: - The delegation of the zone

    /// A stage where `b.example` is a zone of its own.
    private static func stage(
        _ own: IssuedCertificate, flaw: SignedZone.Flaw? = nil, federation: String = ""
    ) throws -> DANEStage {
        try DANEStage(federation: federation) { endpoint in
            let zone = "_xmpp-server._tcp SRV 0 0 PORT host\nhost A PLACE\n_PORT._tcp.host "
            let text = DANEStage.filled(zone + Network.tlsa(3, 1, of: own.certificate) + "\n", endpoint)
            return try Network(signed: "", below: [.signed("b.example", text, flaw: flaw)])
        }
    }

    @Test(arguments: [NameServerFault.emptyAnswer, .stripSignatures, .serverFailure])
    func `DA-01, DS-06: a DS record that he takes away does not make the zone an unsigned one`(
        fault: NameServerFault
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try Self.stage(own)
            stage.network.nameServer.setFault(fault, for: .ds, at: try DNSName("b.example"))
            try stage.send()
            #expect(try stage.bounce().contains("b.example"))
            #expect(stage.isUntouched)
            for issued in [own, try Network.issue("b.example")] {
                #expect(try !stage.offer(to: issued).contains("EXTERNAL"))
            }
        }
    }

    /// What is wrong with the zone, and whether it is a zone without DNSSEC for it, or one that nobody can believe.
    private static let flaws: [(flaw: SignedZone.Flaw, isInsecure: Bool)] = [
        (.notAnnounced, true), (.unknownAlgorithm, true), (.unsigned, false), (.expired, false), (.notYetValid, false),
        (.wrongDigest, false), (.brokenSignatures([.tlsa]), false), (.unpublishedKey, false),
    ]

    @Test(arguments: flaws)
    func `DA-01, DA-07: without a chain of signatures keys are no proof, and with a broken one nothing is`(
        flaw: SignedZone.Flaw, isInsecure: Bool
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            for (issued, isBelieved) in [(own, false), (try Network.issue("b.example"), isInsecure)] {
                let stage = try Self.stage(own, flaw: flaw)
                #expect(try stage.offer(to: issued).contains("EXTERNAL") == isBelieved)
                guard isInsecure else {
                    try stage.send()
                    #expect(try stage.bounce().contains("DNSSEC validation failed"))
                    #expect(stage.isUntouched)
                    continue
                }
                #expect(try stage.delivers(to: issued) == isBelieved)
            }
            // Who demands keys gets none of such a zone.
            let strict = try Self.stage(own, flaw: flaw, federation: "dane = \"required\"")
            #expect(try !strict.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
        }
    }
}
