import Administration
import DNSMessages
import DomainAssociation
import StreamFeatures
import StreamTestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Assembly
@testable import Federation
@testable import StreamProtocol

/// A server of b.example as a check has seen it, made of facts alone.
struct SeenServer: Sendable {
    /// What the prooftypes say of it.
    enum Word: String, CaseIterable {
        case proven, unproven, refuted, unavailable

        var assessment: Assessment {
            switch self {
            case .proven: .proven(Proof(["matched": "DNS-ID b.example"], expires: nil))
            case .unproven: .inconclusive(reason: "the issuer is unknown")
            case .refuted: .refuted(reason: "no record matches")
            case .unavailable: .unavailable(reason: "the records are withheld")
            }
        }
    }

    static let keys = DialbackSecret("s3cr3t")
    static let domain = StreamTestSupport.domain("b.example")
    static let sender = StreamTestSupport.domain("a.example")
    static let dialback = XMLElement(
        Namespace.dialbackFeature, "dialback", [XMLElement(Namespace.dialbackFeature, "errors")])

    var word = Word.proven
    /// What prooftypes say that our configuration does not look at; nil for nothing else.
    var unheard: Word?
    var isEncrypted = true
    /// Whether a handshake that was granted without an offer came to nothing.
    var isCutOff = false
    var version = TLSVersion.tls13
    var features = [dialback]
    var level = FederationPolicy.Level.authenticated
    var isAllowed = true
    var host = "host.b.example"
    var external: StreamFindings.External?
    var refusal: String?
    var failure: String?
    var tlsa: TLSAAnswer?
    var tried = TriedDialback.untried(reason: "nobody asks")

    /// With some facts changed.
    func with(_ change: (inout SeenServer) -> Void) -> SeenServer {
        var other = self
        change(&other)
        return other
    }

    var policy: FederationPolicy {
        FederationPolicy(
            isAllowed: isAllowed, level: level, prooftypes: [ScriptedProoftype("pkix", always: word.assessment)])
    }
    var strongest: FederationPolicy {
        FederationPolicy(
            prooftypes: [word, unheard].compactMap(\.self).map { ScriptedProoftype("pkix", always: $0.assessment) })
    }
    var rules: DialbackRules { DialbackRules(policy) }

    /// What the first connection found.
    var outcome: EndpointProbe.Outcome {
        if let failure { return EndpointProbe.Outcome(failure: failure) }
        var probe = StreamProbe(of: Self.domain, as: .server, from: Self.sender, directTLS: isEncrypted)
        for event in Self.opening(isEncrypted: isEncrypted, features) { _ = probe.handle(event) }
        if !isEncrypted {
            let answer = isCutOff ? "proceed" : "failure"
            _ = probe.handle(.elementReceived(XMLElement(Namespace.startTLS, answer)))
            if isCutOff { _ = probe.handle(.broken(reason: "reset")) }
        }
        var findings = probe.findings
        findings.external = external
        return EndpointProbe.Outcome(findings: findings, session: session)
    }

    static func opening(isEncrypted: Bool, _ features: [XMLElement]) -> [StreamProbe.Event] {
        let header = StreamHeader(from: "b.example", id: "x", contentNamespace: Namespace.server)
        return [.connected] + (isEncrypted ? [.secured] : [])
            + [.headerReceived(header), .elementReceived(XMLElement(Namespace.stream, "features", features))]
    }

    private var session: EndpointProbe.Session? {
        guard isEncrypted, failure == nil else { return nil }
        return EndpointProbe.Session(
            version: version, cipherSuite: "TLS_AES_128_GCM_SHA256", applicationProtocol: nil,
            certificates: [.naming(["b.example"])], localCertificateWasSent: external != nil)
    }

    var target: ProbedTarget {
        let delegation = Delegation(to: host, isSecure: tlsa != nil, detail: "", tlsa: tlsa)
        let endpoint = CheckedEndpoint(
            host: host, port: 5269, directTLS: false, addresses: [IPAddress("192.0.2.1")].compactMap(\.self),
            delegation: delegation, refusal: refusal)
        let outcome = outcome
        let claim = DomainClaim(
            pair: DomainPair(sender: Self.sender, target: Self.domain), side: .target,
            certificates: outcome.session?.certificates ?? [], moment: 1_767_225_600, delegation: delegation)
        let judgement = EndpointJudgement(claim, with: Evidence(), strongest: strongest, under: policy)
        var target = ProbedTarget(
            endpoint, endpoint.addresses.first, outcome, judgement, for: .server, hasSender: true)
        target.dialback = tried
        return target
    }

    /// A trial that ended so.
    static func tried(_ result: StreamFindings.Dialback) -> TriedDialback {
        var findings = StreamFindings()
        findings.dialback = result
        return .tried(EndpointProbe.Outcome(findings: findings))
    }
}

extension SeenServer: CustomTestStringConvertible {
    var testDescription: String { "\(host), \(word), \(isEncrypted ? "TLS" : "clear"), \(level)" }
}
