internal import Administration
internal import DNSMessages
internal import DomainAssociation
internal import Federation
internal import StreamProtocol
internal import XMPPModel

/// One address of an endpoint, what was seen there, and what it comes to.
struct ProbedTarget {
    let endpoint: CheckedEndpoint
    /// Nil where the host has none.
    let address: IPAddress?
    let outcome: EndpointProbe.Outcome
    let judgement: EndpointJudgement
    /// The strongest that the domain reaches here.
    let verdict: CheckReport.Verdict
    /// What came of dialback.
    var dialback = TriedDialback.untried(reason: "nobody asks")

    /// - Parameter hasSender: Whether a domain of ours asked.
    init(
        _ endpoint: CheckedEndpoint, _ address: IPAddress?, _ outcome: EndpointProbe.Outcome,
        _ judgement: EndpointJudgement, for service: ClaimedService, hasSender: Bool
    ) {
        self.endpoint = endpoint
        self.address = address
        self.outcome = outcome
        self.judgement = judgement
        verdict = Self.verdict(endpoint, outcome, judgement, service, hasSender)
    }

    /// What was presented.
    var certificates: [PeerCertificate] { outcome.session?.certificates ?? [] }

    /// Whether TLS came up.
    var isEncrypted: Bool { outcome.session != nil }
    /// Whether dialback can be expected of it.
    var supportsDialback: Bool { greeting?.supportsDialback ?? false }
    /// What the server says of itself, under TLS where that came up.
    var greeting: StreamGreeting? { outcome.findings.protected ?? outcome.findings.clear }

    private static func verdict(
        _ endpoint: CheckedEndpoint, _ outcome: EndpointProbe.Outcome, _ judgement: EndpointJudgement,
        _ service: ClaimedService, _ hasSender: Bool
    ) -> CheckReport.Verdict {
        guard endpoint.refusal == nil, outcome.failure == nil else { return .none }
        let findings = outcome.findings
        guard outcome.session != nil else {
            // Where TLSA records are published TLS is mandatory (DA-08, DA-09), and a client never goes on in clear. A
            // handshake that was begun and failed is no server without TLS.
            let isWithoutTLS = findings.encryption == .none || findings.encryption == .refused
            let isOffered = findings.clear?.supportsDialback ?? false
            guard service == .server, endpoint.associations.isEmpty, isWithoutTLS, isOffered, serves(findings) else {
                return .none
            }
            return .verified
        }
        guard isUsable(findings, service, hasSender), !judgement.isRefused else { return .none }
        if case .proven = judgement.conclusion { return .authenticated }
        return service == .client || findings.protected?.supportsDialback == true ? .encrypted : .none
    }

    /// Whether the server did not say that the domain is not there, or broke the rules before STARTTLS was asked for.
    private static func serves(_ findings: StreamFindings) -> Bool {
        switch findings.error?.condition {
        case .hostUnknown, .hostGone, .seeOtherHost, .remoteConnectionFailed: return false
        default: break
        }
        // Before XMPP 1.0 there were no features, and dialback all the same.
        return findings.fault == nil || findings.clear?.isCurrent == false
    }

    /// Whether the stream under TLS can be used. A server that wants to know who asks may refuse nobody, and has shown
    /// its certificate all the same.
    private static func isUsable(_ findings: StreamFindings, _ service: ClaimedService, _ hasSender: Bool) -> Bool {
        guard !findings.isComplete else { return true }
        return service == .server && !hasSender && findings.wantsSender
    }
}

extension StreamFindings {
    /// Whether the server ended the protected stream because it was not told who asks.
    var wantsSender: Bool {
        guard encryption == .established, fault == nil else { return false }
        switch error?.condition {
        case .improperAddressing?, .invalidFrom?: return true
        default: return false
        }
    }
}
