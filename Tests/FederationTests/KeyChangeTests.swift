import Administration
import DNSMessages
import Demonstration
import Diagnostics
import DomainAssociation
import Federation
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// Somebody before the server of `b.example` has a certificate for it that everybody trusts, as in the interception of
/// jabber.ru in 2023: all that gives him away is his key.
@Suite("a key that changes")
struct KeyChangeTests {
    /// What somebody remembers who has known `b.example` by these certificates.
    private static func memory(of issued: IssuedCertificate...) throws -> KnownKeys {
        let lines = issued.map {
            "b.example \($0.certificate.subjectPublicKeyInfoSHA256Text) pkix first 1700000000 1700000000\n"
        }
        return KnownKeys(try KeyMemory(text: "ligase known keys 1\n\(lines.joined())end \(lines.count)\n"))
    }

    private static func answer(_ response: String) -> String { "key_change = \"\(response)\"" }

    // MARK: - Accepted with an alarm

    @Test func `TP-09: a key is learnt, and the next one is told of once, with all that an operator needs`()
        async throws
    {
        try await script {
            let stage = try DANEStage("", federation: Self.answer("log"))
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            #expect(try stage.delivers(to: own))
            #expect(stage.node.metric(.keyChanges) == 0 && !stage.node.log.contains("has changed"))
            try stage.closeStreams()
            #expect(try stage.delivers(to: other))
            #expect(stage.node.metric(.keyChanges) == 1)
            let log = stage.node.log
            for part in [
                "warning", "the key of the remote domain has changed, and nothing that it publishes explains it",
                own.certificate.subjectPublicKeyInfoSHA256Text, other.certificate.subjectPublicKeyInfoSHA256Text,
                other.certificate.sha256Text, "b.example", "\(stage.listener.endpoint)", "pkix", "dane: no secure TLSA",
                "ask the operator of b.example",
            ] { #expect(log.contains(part), "\(part)") }
            // What `associations` shows.
            let association = try stage.association(.outbound)
            #expect(association.evidence["key_change"]?.contains("nothing that the domain publishes") == true)
            #expect(association.verdicts.last?.prooftype == "continuity")
            // Both are known now, the other way round as well.
            for issued in [own, other, own] {
                try stage.closeStreams()
                #expect(try stage.delivers(to: issued))
                #expect(try stage.offer(to: issued).contains("EXTERNAL"))
            }
            #expect(stage.node.metric(.keyChanges) == 1)
            let known = stage.node.service.knownKeys.keys(of: try DomainName("b.example"))
            #expect(known.map(\.origin).contains(.unexplained) && known.count == 2)
        }
    }

    // MARK: - Refused

    @Test func `TP-09: a policy can refuse it, in both directions, until the operator says otherwise`() async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let stage = try DANEStage("", federation: Self.answer("refuse"), knownKeys: Self.memory(of: own))
            #expect(try !stage.delivers(to: other))
            let error = try stage.component.receive().description
            #expect(error.contains("continuity: public key"), "\(error)")
            #expect(error.contains("is none that b.example was proved with before"))
            #expect(error.contains("the policy refuses what is not explained"))
            #expect(try !stage.offer(to: other).contains("EXTERNAL"))
            #expect(stage.node.metric(.keyChangesRefused) == 2 && stage.node.metric(.proofsEstablished) == 0)
            #expect(stage.node.log.contains("ligasectl keys forget b.example"))
            // The key that is known still counts, and that of the interceptor was not learnt.
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            let domain = try DomainName("b.example")
            #expect(stage.node.service.knownKeys.keys(of: domain).count == 1)
            #expect(stage.node.service.knownKeys.forget(domain).count == 1)
            #expect(try stage.offer(to: other).contains("EXTERNAL"))
        }
    }

    @Test func `TP-09: a key that came first is not believed when it is presented at last, after another`() async throws
    {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let stage = try DANEStage("", federation: Self.answer("refuse"))
            let patient = try Peer(dialling: stage.node.s2s)
            try patient.open(from: "b.example", to: "a.example")
            try patient.send(Peer.startTLS)
            try patient.read(until: Peer.proceed)
            try patient.secure(presenting: other.identity())
            #expect(try patient.open(from: "b.example", to: "a.example").contains("EXTERNAL"))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            try patient.send(Peer.auth)
            try patient.read(until: Peer.success)
            try patient.send(Peer.header(from: "b.example", to: "a.example"))
            #expect(try patient.readToEnd().contains("<reset"))
            #expect(stage.node.service.knownKeys.keys(of: try DomainName("b.example")).count == 1 && !peer.hasEnded)
        }
    }

    @Test func `TP-09: the policy of one domain does not bind another`() async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let overrides: [(name: String, general: String, remote: String, isAccepted: Bool)] = [
                ("b.example", "log", "refuse", false), ("b.example", "refuse", "log", true),
                ("c.example", "log", "refuse", true), ("*.example", "log", "refuse", false),
            ]
            for (name, general, remote, isAccepted) in overrides {
                let stage = try DANEStage(
                    "",
                    federation: "\(Self.answer(general))\n[[remote]]\nname = \"\(name)\"\n\(Self.answer(remote))",
                    knownKeys: Self.memory(of: own))
                #expect(try stage.offer(to: other).contains("EXTERNAL") == isAccepted)
            }
        }
    }

    // MARK: - Explained

    @Test(arguments: ["log", "refuse"])
    func `TP-09, DA-08: a key that the domain publishes is no alarm`(response: String) async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let records = DANEStage.records(Network.tlsa(3, 1, of: other.certificate))
            // Where DANE proves, where it is a condition and no proof, and where it proves behind PKIX.
            for settings in ["", "prooftypes = [\"pkix\"]", "dane = \"off\"\nprooftypes = [\"pkix\", \"dane\"]"] {
                let stage = try DANEStage(
                    records, federation: "\(settings)\n\(Self.answer(response))", knownKeys: Self.memory(of: own))
                #expect(try stage.delivers(to: other))
                let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: other)
                #expect(stage.node.metric(.keyChanges) == 0 && stage.node.metric(.keyChangesRefused) == 0)
                #expect(stage.node.metric(.keyChangesExplained) == 1)
                let association = try stage.association(.inbound)
                #expect(association.evidence["key_change"] == nil && !peer.hasEnded)
                #expect(try stage.association(.outbound).evidence["key_change"]?.contains("dane explains it") == true)
            }
        }
    }

    @Test(arguments: ["log", "refuse"])
    func `TP-09: TLSA records of another key, or that cannot be had, explain nothing`(response: String) async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let settings = "dane = \"off\"\nprooftypes = [\"pkix\", \"dane\"]\n\(Self.answer(response))"
            for isWithheld in [true, false] {
                let stage = try DANEStage(
                    DANEStage.records(Network.wrongTLSA), federation: settings, knownKeys: Self.memory(of: own))
                if isWithheld { stage.network.nameServer.setFault(.serverFailure, for: .tlsa) }
                #expect(try stage.offer(to: other).contains("EXTERNAL") == (response == "log"))
            }
        }
    }

    @Test(arguments: [0, 2])
    func `TP-09, DA-13, DA-14: a record of an authority explains no key, since it certifies others for the domain`(
        usage: Int
    ) async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let authority = try Network.authorityCertificate()
            let record = "TLSA \(usage) 0 0 \(Hexadecimal.encode(authority.der))"
            let settings = Self.answer("refuse")
            let stage = try DANEStage(DANEStage.records(record), federation: settings, knownKeys: Self.memory(of: own))
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            #expect(try !stage.offer(to: other).contains("EXTERNAL"))
            #expect(try !stage.delivers(to: other))
            #expect(try stage.bounce().contains("nothing that the domain publishes explains it"))
            // Beside a record of the key it does no harm.
            let both = try DANEStage(
                DANEStage.records(record, Network.tlsa(1, 1, of: other.certificate)), federation: settings,
                knownKeys: Self.memory(of: own))
            #expect(try both.offer(to: other).contains("EXTERNAL"))
        }
    }

    // MARK: - Pins

    private static func pins(_ issued: IssuedCertificate...) -> String {
        let pins = issued.map { "\"\(Base64.encode($0.certificate.subjectPublicKeyInfoSHA256))\"" }
        return "[[remote]]\nname = \"b.example\"\npin_sha256 = [\(pins.joined(separator: ", "))]"
    }

    @Test func `TP-09: of a domain with pins no other key counts, whoever vouches for it`() async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let stage = try DANEStage("", federation: Self.pins(own))
            #expect(try stage.delivers(to: own))
            let verdicts = try stage.association(.outbound).verdicts
            #expect(verdicts.contains { $0.prooftype == "pin" && $0.result == "matched" })
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            try stage.closeStreams()
            #expect(try !stage.offer(to: other).contains("EXTERNAL"))
            #expect(try !stage.delivers(to: other))
            let error = try stage.component.receive().description
            #expect(error.contains("pin: the public key") && error.contains("pin_sha256"), "\(error)")
            // A key of one's own that nobody vouches for is not enough either.
            let selfSigned = try Network.selfSigned("b.example")
            let alone = try DANEStage("", federation: Self.pins(selfSigned))
            #expect(try !alone.offer(to: selfSigned).contains("EXTERNAL"))
        }
    }

    @Test func `TP-09: a pin explains a new key, and one of several is enough`() async throws {
        try await script {
            let (own, other) = (try Network.issue("b.example"), try Network.issue("b.example"))
            let stage = try DANEStage(
                "", federation: "\(Self.answer("refuse"))\n\(Self.pins(own, other))", knownKeys: Self.memory(of: own))
            for issued in [own, other] { #expect(try stage.offer(to: issued).contains("EXTERNAL")) }
            #expect(stage.node.metric(.keyChangesRefused) == 0)
        }
    }

    @Test func `TP-09: what DANE proves has to be what is pinned`() async throws {
        try await script {
            let (own, pinned) = (try Network.selfSigned("b.example"), try Network.selfSigned("b.example"))
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: own.certificate), Network.tlsa(3, 1, of: pinned.certificate)),
                federation: Self.pins(pinned))
            #expect(try !stage.offer(to: own).contains("EXTERNAL"))
            #expect(try stage.offer(to: pinned).contains("EXTERNAL"))
        }
    }
}

extension PeerCertificate {
    /// The digest of the public key as logs show it.
    fileprivate var subjectPublicKeyInfoSHA256Text: String { KnownKey.fingerprint(of: subjectPublicKeyInfoSHA256) }
}
