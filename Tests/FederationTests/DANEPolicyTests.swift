import Administration
import DNSMessages
import Demonstration
import Diagnostics
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// What published keys mean beside the other ways to a server, and when their signatures end.
@Suite("TLSA records, TLS, time and other ways")
struct DANEPolicyTests {
    // MARK: - What an operator sees

    @Test func `TP-09, DA-03: what every prooftype said is in associations, log and bounce, whether it proved or not`()
        async throws
    {
        try await script {
            let stage = try DANEStage("")
            #expect(try stage.delivers(to: Network.issue("b.example")))
            #expect(try stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            let verdicts = try stage.association(.outbound).verdicts
            let words: [(name: String, result: String, reason: String)] = [
                ("dane", "inconclusive", "no secure TLSA records: _"), ("pkix", "proven", "DNS-ID b.example"),
            ]
            for (name, result, reason) in words {
                #expect(
                    verdicts.contains { $0.prooftype == name && $0.result == result && $0.reason.contains(reason) },
                    "\(verdicts)")
                let said = result == "proven" ? "matched \(reason)" : reason
                #expect(stage.node.log.contains("\(name): \(said)"))
            }
            #expect(stage.node.metric(.proofsByPKIX) == 1 && stage.node.metric(.proofsEstablished) == 1)
            try stage.closeStreams()
            #expect(try !stage.delivers(to: Network.selfSigned("b.example")))
            let error = try stage.bounce()
            #expect(
                error.contains("dane: no secure TLSA records") && error.contains("pkix: certificate is self-signed"))
            #expect(stage.node.metric(.proofsRefused) == 1)
        }
    }

    // MARK: - TLS stays mandatory

    private static let cleartext: [(level: String, record: String)] = ["authenticated", "encrypted", "verified"].flatMap
    {
        level in [Network.wrongTLSA, "TLSA 9 9 9 0909"].map { (level, $0) }
    }

    @Test(arguments: cleartext)
    func `DA-08, DA-09: a server without TLS is refused at every level, whether or not a record can be used`(
        level: String, record: String
    ) async throws {
        try await script {
            let stage = try DANEStage(DANEStage.records(record), federation: "level = \"\(level)\"")
            try stage.send()
            #expect(try !stage.refuseTLS().contains("<message"))
            #expect(try stage.bounce().contains("refuses STARTTLS"))
        }
    }

    // MARK: - Time

    /// A clock that a test can put forward.
    private final class Clock: Sendable {
        private let offset = Atomic<Int64>(0)

        var now: Int64 { Network.now + offset.load(ordering: .relaxed) }

        func putForward(_ seconds: Int64) { offset.store(seconds, ordering: .relaxed) }
    }

    private static let days: Int64 = 2 * 86_400

    private static func expired(_ name: String) throws -> IssuedCertificate {
        var template = Network.template(name, [name])
        template.notBefore = Network.now - 30 * 86_400
        template.notAfter = Network.now - 86_400
        return try CertificateAuthority.selfSigned(template)
    }

    @Test func `DA-12: a certificate that has expired counts as long as the signatures do, and no longer`() async throws
    {
        try await script {
            let own = try Self.expired("b.example")
            let records = DANEStage.records(Network.tlsa(3, 1, of: own.certificate))
            let stage = try DANEStage(records)
            #expect(try stage.delivers(to: own))
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            let late = try DANEStage(records, clock: { Network.now + Self.days })
            try late.send()
            let error = try late.bounce()
            #expect(error.contains("expired") || error.contains("DNSSEC validation failed"), "\(error)")
            #expect(late.isUntouched)
            #expect(try !late.offer(to: own).contains("EXTERNAL"))
        }
    }

    @Test func `DA-12, PT-06: signatures that end while a stream lives end the stream`() async throws {
        try await script {
            let own = try Self.expired("b.example")
            let clock = Clock()
            let stage = try DANEStage(
                DANEStage.records("2 \(Network.tlsa(3, 1, of: own.certificate))"), clock: { clock.now })
            #expect(try stage.delivers(to: own))
            clock.putForward(Self.days)
            #expect(try stage.peers[0].read(until: "</stream:stream>", within: .seconds(20)).contains("<reset"))
            #expect(stage.node.log.contains("the proof of the peer has expired"))
            // What is sent now has nowhere to go.
            try stage.send()
            #expect(try stage.bounce().contains("remote-server"))
            #expect(stage.isUntouched)
        }
    }

    // MARK: - Domains without service records

    @Test func `DA-19, DA-21: of a domain without service records the keys at the domain count, both ways`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            let stage = try DANEStage("_5269._tcp.b \(Network.tlsa(3, 1, of: own.certificate))\nb A PLACE", service: "")
            #expect(try stage.offer(to: own).contains("EXTERNAL"))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            #expect(try stage.association(.inbound).prooftype == "dane" && !peer.hasEnded)
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            // Where it is proved that there are none, authorities have the word again.
            let bare = try DANEStage("b A PLACE", service: "")
            #expect(try bare.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
        }
    }

    // MARK: - Aliases

    /// Records besides the service record and the address of the host, those of an unsigned zone, and whether the key that
    /// is published counts; where it does not, it is as if none were.
    private static let aliases: [(service: String, signed: String, unsigned: String?, counts: Bool)] = [
        ("host", "_PORT._tcp.host CNAME key.dane\nkey.dane KEY", nil, true),
        ("alias", "alias CNAME host\n_PORT._tcp.host KEY", nil, true),
        ("alias", "alias CNAME host\n_PORT._tcp.alias KEY", nil, true),
        ("host", "_PORT._tcp.host CNAME key.unsigned", "key KEY", false),
        ("alias", "alias CNAME host.unsigned\n_PORT._tcp.alias KEY", "host A PLACE\n_PORT._tcp.host KEY", false),
    ]

    @Test(arguments: aliases)
    func `DA-18: keys behind aliases count where every step is signed`(
        service: String, signed: String, unsigned: String?, counts: Bool
    ) async throws {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            func filled(_ text: String) -> String {
                text.split(separator: "KEY", omittingEmptySubsequences: false)
                    .joined(separator: Network.tlsa(3, 1, of: own.certificate))
            }
            for (issued, isKey) in [(own, true), (try Network.issue("b.example"), false)] {
                let stage = try DANEStage(
                    filled(signed), service: "_xmpp-server._tcp.b SRV 0 0 PORT \(service)",
                    unsigned: unsigned.map(filled))
                #expect(try stage.offer(to: issued).contains("EXTERNAL") == (isKey == counts))
                #expect(try stage.delivers(to: issued) == (isKey == counts))
            }
        }
    }

    // MARK: - Keys that are not looked at

    /// What happens to the lookup, with `dane = "off"`.
    private static let lookups: [NameServerFault?] = [nil, .serverFailure, .stripSignatures]

    @Test(arguments: lookups, [RecordType.tlsa, .srv])
    func `DA-21: where dane is off authorities count, and what cannot be found out proves nothing`(
        fault: NameServerFault?, type: RecordType
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let records = DANEStage.records(Network.tlsa(3, 1, of: own.certificate))
            let stage = try DANEStage(records, federation: "dane = \"off\"")
            let port = stage.listener.endpoint.port
            let name = type == .srv ? "_xmpp-server._tcp.b.example" : "_\(port)._tcp.host.example"
            stage.network.nameServer.setFault(fault, for: type, at: try DNSName(name))
            #expect(try stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
            #expect(try stage.offer(to: own).contains("EXTERNAL") == (fault == nil))
            // The service records are the way itself, whatever they are worth as proof.
            guard type == .tlsa || fault == nil else { return }
            #expect(try stage.delivers(to: Network.issue("b.example")))
        }
    }

    @Test(arguments: ["dane = \"off\"\nprooftypes = [\"pkix\"]", "prooftypes = [\"pkix\"]"])
    func `DA-04, DO-06: keys that nobody judges by are not asked for`(federation: String) async throws {
        try await script {
            let issued = try Network.issue("b.example")
            let stage = try DANEStage(
                DANEStage.records(Network.tlsa(3, 1, of: issued.certificate)), federation: federation)
            #expect(try stage.delivers(to: issued))
            #expect(try stage.offer(to: issued).contains("EXTERNAL"))
            let isOff = federation.contains("off")
            #expect(stage.network.questions.contains { $0.hasSuffix(" TLSA") } == !isOff)
            #expect(stage.network.questions.contains { $0.hasSuffix(" SRV") })
        }
    }

    // MARK: - Ways that no record leads

    private static func redirect(
        _ peer: Peer, to place: Endpoint, with issued: IssuedCertificate, features: String = Peer.mechanisms
    ) throws {
        try peer.serveUntilSecured("b.example", with: issued)
        try peer.serveHeader(
            "b.example",
            features + "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>\(place)"
                + "</see-other-host></stream:error></stream:stream>")
        try peer.readToEnd()
    }

    /// Who is found where a server with published keys sends us.
    private enum Redirected: CaseIterable { case sameKey, otherPublishedKey, authority, hostOnly }

    @Test(arguments: Redirected.allCases, ["when-published", "required"])
    private func `DA-08, XS-23: where a proved server sends us its own records decide, and no authority overrules them`(
        found: Redirected, dane: String
    ) async throws {
        try await script {
            let (own, other) = (try Network.selfSigned("b.example"), try Network.selfSigned("b.example"))
            let records = DANEStage.records(
                Network.tlsa(3, 1, of: own.certificate), Network.tlsa(3, 1, of: other.certificate))
            let stage = try DANEStage(records, federation: "dane = \"\(dane)\"")
            let place = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            try stage.send()
            try Self.redirect(Peer(accepted: stage.listener.accept()), to: place.endpoint, with: own)
            let next = try Peer(accepted: place.accept())
            let issued: IssuedCertificate
            switch found {
            case .sameKey: issued = own
            case .otherPublishedKey: issued = other
            // What a thief of the place would get from an authority that he has deceived.
            case .authority: issued = try Network.issue("b.example")
            case .hostOnly: issued = try Network.issue("host.example")
            }
            guard found == .sameKey || found == .otherPublishedKey else {
                #expect(throws: (any Error).self) { try next.serve("b.example", with: issued) }
                let error = try stage.bounce()
                #expect(error.contains("matches none of"), "\(error)")
                #expect(stage.associations.isEmpty)
                return
            }
            try next.serve("b.example", with: issued)
            #expect(try next.read(until: "</message>").contains("hello"))
            #expect(try stage.association(.outbound).prooftype == "dane")
            // PT-06: it is kept by the same records.
            #expect(try stage.association(.outbound).expires != nil)
        }
    }

    @Test(arguments: [true, false], ["authenticated", "encrypted", "verified"])
    func `DA-08, XS-23, OW-03: of a server that sends us on with a question the published key counts too`(
        isKey: Bool, level: String
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DialbackStage(
                "_PORT._tcp.host \(Network.tlsa(3, 1, of: own.certificate))", level: level, isSigned: true)
            let place = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            let (peer, _) = try stage.calling()
            try peer.send(Peer.result("key", from: "b.example", to: "a.example"))
            // Behind the features it would be asked itself.
            try Self.redirect(Peer(accepted: stage.listener.accept()), to: place.endpoint, with: own, features: "")
            let authority = try Peer(accepted: place.accept())
            if isKey {
                try authority.serveDialback("b.example", with: own)
                try authority.answerQuestion("valid")
                #expect(try peer.readDialback("result").verdict == "valid")
                #expect(try stage.association(.inbound).prooftype == "dane")
            } else {
                _ = try? authority.serveDialback("b.example", with: Network.issue("b.example"))
                #expect(try peer.readDialback("result").verdict.hasPrefix("error"))
                #expect(stage.associations.isEmpty)
            }
        }
    }

    @Test(arguments: [("encrypted", true), ("authenticated", false)])
    func `XS-23, PT-05: where a server that nobody proved sends us nothing vouches for the way`(
        level: String, isFollowed: Bool
    ) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try DANEStage(
                "", federation: "level = \"\(level)\"\nprooftypes = [\"dane\", \"pkix\"]")
            let place = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            try stage.send()
            try? Self.redirect(Peer(accepted: stage.listener.accept()), to: place.endpoint, with: own)
            guard isFollowed else {
                #expect(try stage.bounce().contains("could not be proved"))
                return #expect((try? place.accept(within: .zero)) == nil)
            }
            let next = try Peer(accepted: place.accept())
            // A certificate for the host that the signed records name is worth nothing elsewhere.
            try next.serve("b.example", with: Network.issue("host.example"))
            #expect(try next.read(until: "</message>").contains("hello"))
            let association = try stage.association(.outbound)
            #expect("\(association.prooftype) \(association.level)" == "none encrypted")
            #expect(!association.secureDelegation)
            #expect(association.evidence["dnssec"] == "service records not secure, addresses not secure")
        }
    }

    @Test func `DA-08, XS-23: an interceptor cannot send us elsewhere`() async throws {
        try await script {
            let stage = try DANEStage(DANEStage.records(Network.wrongTLSA))
            let other = try ByteListener(at: Endpoint.unused(on: LoopbackAddress.unused()))
            try stage.send()
            try? Self.redirect(
                Peer(accepted: stage.listener.accept()), to: other.endpoint, with: Network.issue("b.example"))
            #expect(try stage.bounce().contains("matches none of"))
            #expect((try? other.accept(within: .zero)) == nil)
        }
    }

    @Test(arguments: [("when-published", true), ("required", false)])
    func `DA-08: over a route of the configuration authorities decide, unless keys are demanded`(
        dane: String, isAccepted: Bool
    ) async throws {
        try await script {
            let place = try Endpoint.unused(on: LoopbackAddress.unused())
            let listener = try ByteListener(at: place)
            let stage = try DANEStage(
                DANEStage.records(Network.wrongTLSA),
                federation: "dane = \"\(dane)\"\n[[remote]]\nname = \"b.example\"\nservers = [\"\(place)\"]")
            try stage.send()
            let peer = try Peer(accepted: listener.accept())
            guard isAccepted else {
                #expect(throws: (any Error).self) { try peer.serve("b.example", with: Network.issue("b.example")) }
                #expect(
                    try stage.bounce().contains("dane: required by the policy, but no DNS record led to the server"))
                return
            }
            try peer.serve("b.example", with: Network.issue("b.example"))
            #expect(try peer.read(until: "</message>").contains("hello"))
            // Who calls us comes over no route: his domain's keys bind him.
            #expect(try !stage.offer(to: Network.issue("b.example")).contains("EXTERNAL"))
        }
    }
}
