import Administration
import DNSMessages
import DomainAssociation
import StreamTestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Assembly
@testable import Federation
@testable import StreamProtocol

/// What a check makes of dialback, on facts alone.
@Suite("ligasectl check: what dialback comes to")
struct DialbackDecisionTests {
    // MARK: - Who gets a key

    private static func plan(
        _ server: SeenServer, minimum: TLSVersion = .tls12, keys: SenderKeys = .known(SeenServer.keys)
    ) -> DialbackPlan {
        DialbackPlan(
            keys: keys, rules: server.rules,
            strongest: server.strongest, evidence: Evidence(), minimumVersion: minimum)
    }

    /// Facts, and why no key is sent; nil where one is.
    private static let servers: [(server: SeenServer, reason: String?)] = [
        (SeenServer(), nil), (SeenServer(level: .verified), nil),
        (SeenServer(word: .unproven, level: .encrypted), nil),
        (SeenServer(word: .unproven, level: .verified), nil),
        (SeenServer(word: .unproven), "sends no key to a server that is not proved: pkix: the issuer is unknown"),
        (SeenServer(word: .refuted, level: .verified), "refuted: pkix: no record matches"),
        (SeenServer(word: .unavailable, level: .verified), "refuted: pkix: the records are withheld"),
        (SeenServer(isAllowed: false), "allow = false"), (SeenServer(unheard: .unproven), nil),
        (SeenServer(unheard: .refuted), "refuted: pkix"),
        (SeenServer(features: []), "not offered"),
        (SeenServer(word: .unproven, isEncrypted: false, level: .verified), nil),
        (SeenServer(word: .unproven, isEncrypted: false, level: .encrypted), "no key where there is no TLS"),
        (SeenServer(word: .unproven, isEncrypted: false), "no key where there is no TLS"),
        (
            SeenServer(
                word: .unproven, isEncrypted: false,
                features: [SeenServer.dialback, XMLElement(Namespace.startTLS, "starttls")], level: .verified),
            "refuses it"
        ),
        (SeenServer(failure: "refused"), "not offered"),
        (SeenServer(word: .unproven, isEncrypted: false, isCutOff: true, level: .verified), "cannot be used"),
    ]

    @Test(arguments: servers)
    private func `DB-21: a key goes where the daemon would send one, and to nobody whom a prooftype refutes`(
        server: SeenServer, reason: String?
    ) {
        let obstacle = Self.plan(server).obstacle(to: server.target)
        guard let reason else {
            #expect(obstacle == nil)
            let trial = Self.plan(server).trial(with: server.target)
            #expect(trial?.dialback.allowsClear == !server.isEncrypted)
            return
        }
        guard case .untried(let said, _)? = obstacle else {
            Issue.record("a key would be sent")
            return
        }
        #expect(said.contains(reason), "\(said)")
    }

    @Test func `no key below the TLS version that the configuration asks for, or where there is none`() {
        let old = SeenServer().with { $0.version = .tls12 }
        #expect(Self.plan(old).obstacle(to: old.target) == nil)
        guard case .untried(let reason, _)? = Self.plan(old, minimum: .tls13).obstacle(to: old.target) else {
            Issue.record("a key would be sent")
            return
        }
        #expect(reason.contains("minimum_version"))
        let keyless = Self.plan(SeenServer(), keys: .unknown(reason: "nobody asks", fix: "ask"))
        #expect(keyless.obstacle(to: SeenServer().target) == .untried(reason: "nobody asks", fix: "ask"))
        #expect(keyless.trial(with: SeenServer().target) == nil)
    }

    @Test func `what another machine presents on the second connection is judged again`() {
        let believing = FederationPolicy(prooftypes: [ScriptedProoftype.believing])
        let plan = DialbackPlan(
            keys: .known(SeenServer.keys), rules: DialbackRules(believing), strongest: believing,
            evidence: Evidence(), minimumVersion: .tls12)
        let objection = plan.trial(with: SeenServer().target)?.objection
        #expect(objection?([.naming(["b.example"])]) == nil)
        #expect(objection?([.naming(["c.example"])])?.contains("not proved") == true)
        #expect(objection?([]) != nil)
    }

    // MARK: - What is told

    private static func step(
        _ tried: TriedDialback, isTakenByExternal: Bool = false, features: [XMLElement] = [SeenServer.dialback]
    ) -> CheckReport.Step? {
        let target = SeenServer().with { $0.features = features }.target
        return DialbackStep(
            domain: SeenServer.domain, sender: SeenServer.sender, host: "host.b.example", greeting: target.greeting,
            tried: tried, isTakenByExternal: isTakenByExternal
        ).step(named: "dialback host.b.example:5269")
    }

    /// What the server says, and whose turn it is.
    private static let results: [(StreamFindings.Dialback, fix: String)] = [
        (.invalidKey, "same dialback_secret"), (.streamEnded(nil), "check the SRV records of a.example"),
        (.streamEnded(StreamError(.hostUnknown)), "has to serve b.example"),
        (.streamEnded(StreamError(.remoteConnectionFailed)), "could not connect to a.example"),
        (.streamEnded(StreamError(.connectionTimeout)), "may wait for an answer from a.example"),
        (.streamEnded(StreamError(.notAuthorized)), "demands that a.example is proved"),
        (.streamEnded(StreamError(.policyViolation)), "demands that a.example is proved"),
        (.streamEnded(StreamError(.resourceConstraint)), "look again later"),
        (.streamEnded(StreamError(.undefinedCondition)), "server's log"),
        (.timedOut, "may wait for an answer from a.example"), (.failed(reason: "reset"), "<db:result/>"),
        (.withheld(reason: "pkix: another certificate"), "same identity"),
        (.refused(DialbackError(.itemNotFound)), "has to serve b.example"),
        (.refused(DialbackError(.remoteConnectionFailed)), "could not connect to a.example"),
        (
            .refused(DialbackError(.remoteServerNotFound)),
            "the daemon there hosts it, and check the SRV records of a.example"
        ),
        (.refused(DialbackError(.remoteServerTimeout)), "may wait for an answer from a.example"),
        (.refused(DialbackError(.policyViolation)), "whether they federate with a.example"),
        (.refused(DialbackError(.notAuthorized)), "demands that a.example is proved"),
        (.refused(DialbackError(.forbidden)), "does not federate"),
        (.refused(DialbackError(.notAcceptable)), "cannot tell who a.example is"),
        (.refused(DialbackError(.resourceConstraint)), "look again later"),
        (.refused(DialbackError(.undefinedCondition, "wat")), "check the SRV records of a.example"),
    ]

    @Test(arguments: results)
    private func `DB-18 DB-19 DB-20 DB-22: each way in which dialback fails says who has to mend what`(
        result: StreamFindings.Dialback, fix: String
    ) {
        let step = Self.step(SeenServer.tried(result))
        #expect(step?.result == .failed && step?.fix?.contains(fix) == true, "\(step?.fix ?? "")")
        #expect(step?.detail.hasPrefix("offered, with errors; ") == true, "\(step?.detail ?? "")")
        if case .refused(let error) = result {
            #expect(step?.detail.contains("\(error)") == true, "\(step?.detail ?? "")")
        }
        // Who is taken by EXTERNAL can do without.
        #expect(Self.step(SeenServer.tried(result), isTakenByExternal: true)?.result == .warning)
    }

    @Test func `what works, what was not tried and what is not offered are told apart`() {
        let accepted = Self.step(SeenServer.tried(.accepted))
        #expect(accepted?.result == .ok && accepted?.fix == nil)
        #expect(accepted?.detail.contains("takes it") == true)
        let untried = Self.step(.untried(reason: "nobody asks", fix: "ask with --from"))
        #expect(untried?.result == .ok && untried?.fix == "ask with --from")
        #expect(untried?.detail == "offered, with errors; not tried: nobody asks")
        #expect(Self.step(.untried(reason: "it is not offered"), features: [])?.result == .absent)
    }

    /// What the second connection came to before anything was asked.
    private static let beginnings: [(events: [StreamProbe.Event], words: String)] = [
        ([.connected, .closedByPeer], "no further than the stream header"),
        (
            [
                .connected,
                .elementReceived(
                    XMLElement(Namespace.stream, "error", [XMLElement(Namespace.streamErrors, "policy-violation")])),
            ], "policy-violation"
        ), (SeenServer.opening(isEncrypted: true, []), "no dialback"),
    ]

    @Test(arguments: beginnings)
    private func `OW-01: a server that takes nobody without a certificate is told`(
        events: [StreamProbe.Event], words: String
    ) {
        var probe = StreamProbe(
            of: SeenServer.domain, as: .server, from: SeenServer.sender, directTLS: events.count > 2)
        for event in events { _ = probe.handle(event) }
        let step = Self.step(.tried(EndpointProbe.Outcome(findings: probe.findings)))
        #expect(step?.result == .failed && step?.detail.contains(words) == true, "\(step?.detail ?? "")")
        let failure = Self.step(.tried(EndpointProbe.Outcome(failure: "connection refused")))
        #expect(failure?.detail.contains("connection refused") == true && failure?.fix?.contains("look again") == true)
    }

    // MARK: - The whole domain

    /// Servers, and what the word of one of them is worth.
    private static let oneWays: [(servers: [SeenServer], CheckReport.Result?, words: String)] = [
        ([SeenServer()], .ok, "which pkix proves: level \"authenticated\""),
        ([SeenServer(word: .unproven)], nil, ""),
        (
            [
                SeenServer(word: .unproven, level: .encrypted)
            ], .ok, "level \"encrypted\""
        ),
        (
            [
                SeenServer(word: .unproven, isEncrypted: false, level: .verified)
            ], .ok, "level \"verified\""
        ),
        (
            [
                SeenServer(word: .refuted, level: .verified)
            ], .absent, "present a certificate"
        ),
        ([SeenServer(features: [])], .absent, "present a certificate"),
        ([SeenServer(features: []), SeenServer()], .ok, "which pkix proves"),
        ([SeenServer(isAllowed: false)], nil, ""), ([SeenServer(failure: "refused")], nil, ""),
        ([SeenServer(refusal: "withheld")], nil, ""), ([], nil, ""),
    ]

    @Test(arguments: oneWays)
    private func `OW-03: it says what a claim without a certificate would rest on`(
        servers: [SeenServer], result: CheckReport.Result?, words: String
    ) {
        let rules = servers.last?.rules ?? SeenServer().rules
        let step = OneWayStep(domain: SeenServer.domain, local: SeenServer.sender, rules: rules)
            .step(servers.map(\.target))
        guard let result else {
            // Under level "authenticated" an unproved server is told as not to be believed.
            #expect(step == nil || step?.result == .warning && step?.detail.contains("could not be proved") == true)
            return
        }
        #expect(step?.result == result && step?.detail.contains(words) == true, "\(step?.detail ?? "none")")
    }

    /// What became of both ways at two servers.
    private static let senders: [(external: StreamFindings.External?, StreamFindings.Dialback?, String?)] = [
        (.accepted, .accepted, "by EXTERNAL and by dialback"), (.accepted, .timedOut, "takes a.example by EXTERNAL"),
        (nil, .accepted, "takes a.example by dialback"), (nil, nil, nil),
        (.failed(reason: "reset"), .invalidKey, "does not take"), (.failed(reason: "reset"), nil, "does not take"),
        (nil, .timedOut, "does not take"),
    ]

    @Test(arguments: senders)
    private func `SE-04: it says whether the remote domain takes ours, one way or the other`(
        external: StreamFindings.External?, dialback: StreamFindings.Dialback?, words: String?
    ) {
        let server = SeenServer().with {
            $0.external = external
            if let dialback { $0.tried = SeenServer.tried(dialback) }
        }
        let step = SenderStep(domain: SeenServer.domain, sender: SeenServer.sender).step([server.target])
        #expect((step == nil) == (words == nil))
        guard let words else { return }
        #expect(step?.detail.contains(words) == true, "\(step?.detail ?? "")")
        #expect(step?.result == (words.hasPrefix("does not") ? .failed : .ok))
    }

    /// Servers, and what stands under `dialback` in `prooftypes`.
    private static let summaries: [([SeenServer], CheckReport.Proof.Result, words: String)] = [
        ([], .absent, "no connection"), ([SeenServer(features: [])], .absent, "no server offers it"),
        ([SeenServer()], .offered, "under TLS; not tried: nobody asks"),
        ([SeenServer(isEncrypted: false)], .offered, "in clear"),
        ([SeenServer(tried: SeenServer.tried(.accepted))], .proven, "the server takes it"),
        ([SeenServer(tried: SeenServer.tried(.timedOut))], .failed, "did not answer in time"),
        (
            [
                SeenServer(tried: SeenServer.tried(.timedOut)),
                SeenServer(host: "other.b.example", tried: SeenServer.tried(.accepted)),
            ], .proven, "takes it; not at host.b.example:5269: tried for a.example: the server did not answer"
        ), ([SeenServer(), SeenServer(tried: SeenServer.tried(.invalidKey))], .failed, "forged"),
    ]

    @Test(arguments: summaries)
    private func `CC-05: dialback has its entry among the prooftypes, tried or not`(
        servers: [SeenServer], result: CheckReport.Proof.Result, words: String
    ) {
        let targets = servers.map(\.target)
        let summary = ProofSummary(
            targets, service: .server, domain: SeenServer.domain, sender: SeenServer.sender)
        let proof = summary.prooftypes["dialback"]
        #expect(proof?.result == result && proof?.reason.contains(words) == true, "\(proof?.reason ?? "")")
        #expect((proof?.evidence["from"] != nil) == (result == .proven || result == .failed))
        let client = ProofSummary(targets, service: .client, domain: SeenServer.domain, sender: nil)
        #expect(client.prooftypes["dialback"]?.result == .absent)
    }
}
