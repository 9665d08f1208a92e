internal import Administration
internal import DomainAssociation
internal import Federation
internal import StreamProtocol
internal import XMPPModel

/// What a server offers of dialback, and what came of trying it: whose turn it is where it does not work.
struct DialbackStep {
    /// The remote domain.
    let domain: DomainName
    /// The domain of ours that asked; nil for nobody.
    let sender: DomainName?
    /// The server's host.
    let host: String
    /// What the server says of itself; nil where it said nothing.
    let greeting: StreamGreeting?
    let tried: TriedDialback
    /// Whether the server takes our certificate, so that dialback is not needed.
    let isTakenByExternal: Bool

    private var operatorOfHost: String { "the operator of \(host)" }
    private var name: String { sender?.description ?? "nobody" }

    /// The step; nil for a server that did not get as far.
    func step(named step: String) -> CheckReport.Step? {
        guard let greeting, greeting.hasFeatures || greeting.declaresDialback else { return nil }
        guard greeting.supportsDialback else {
            return CheckReport.Step(step, .absent, "not offered: only a prooftype can prove who connects there")
        }
        let offer =
            if !greeting.offersDialback {
                "not among the features; the header declares it, as older servers do"
            } else {
                greeting.reportsDialbackErrors ? "offered, with errors" : "offered, without errors"
            }
        switch tried {
        case .untried(let reason, let fix):
            return CheckReport.Step(step, .ok, "\(offer); not tried: \(reason)", fix: fix)
        case .tried(let outcome):
            let (isAccepted, detail, fix) = words(outcome)
            let result: CheckReport.Result = isAccepted ? .ok : isTakenByExternal ? .warning : .failed
            return CheckReport.Step(step, result, "\(offer); \(detail)", fix: fix)
        }
    }

    /// The trial in few words, for a summary.
    func summary(_ outcome: EndpointProbe.Outcome) -> String { words(outcome).detail }

    private typealias Words = (isAccepted: Bool, detail: String, fix: String?)

    // MARK: - The trial

    private func words(_ outcome: EndpointProbe.Outcome) -> Words {
        if let result = outcome.findings.dialback { return words(result) }
        let silence = "tried for \(name) without its certificate, "
        if let failure = outcome.failure {
            return (
                false, "trying it came to nothing: \(failure)",
                "look again; \(operatorOfHost) may limit how many connections an address makes"
            )
        }
        if let error = outcome.findings.error {
            return (false, silence + "which ended the stream: \(error)", fix(error))
        }
        if let fault = outcome.findings.fault {
            return (
                false, silence + "and it came no further than \(fault.stage.rawValue): \(fault.reason)",
                "\(operatorOfHost) may take nobody without a certificate; see that EXTERNAL works"
            )
        }
        return (
            false, silence + "which has no dialback offered",
            "\(operatorOfHost) takes nobody without a certificate; see that EXTERNAL works"
        )
    }

    private func words(_ result: StreamFindings.Dialback) -> Words {
        switch result {
        case .accepted: (true, "tried for \(name) without its certificate: the server takes it", nil)
        case .invalidKey: (false, "tried for \(name): the server says that its key is forged", fixOfForgery)
        case .refused(let error): (false, "tried for \(name), and refused: \(error)", fix(error.condition))
        case .streamEnded(let error?): (false, "tried for \(name): the server ended the stream: \(error)", fix(error))
        case .streamEnded(nil):
            (
                false, "tried for \(name): the server ended the stream and did not say why",
                "\(fixOfReach); \(operatorOfHost) can see why in the server's log"
            )
        case .timedOut: (false, "tried for \(name): the server did not answer in time", fixOfSilence)
        case .failed(let reason):
            (
                false, "tried for \(name), and came to nothing: \(reason)",
                "\(operatorOfHost) should see why their server did not answer <db:result/>"
            )
        case .withheld(let reason):
            (
                false, "not tried: \(reason)",
                "\(operatorOfHost) should see that each machine behind the name presents the same identity"
            )
        }
    }

    // MARK: - Who mends what

    private var fixOfForgery: String {
        "see that every server that DNS names for \(name) is a running ligased with the same dialback_secret; "
            + "“ligasectl check \(name)” says who answers there"
    }

    private var fixOfReach: String {
        "check the SRV records of \(name), that a ligased with this dialback_secret runs there, and that its firewall lets "
            + "\(host) in: “ligasectl check \(name)” from another network"
    }

    private var fixOfSilence: String {
        "the server may wait for an answer from \(name): \(fixOfReach)"
    }

    private var fixOfProof: String {
        "\(operatorOfHost) demands that \(name) is proved: give it a certificate that they trust, and see that EXTERNAL works"
    }

    private func fix(_ condition: DialbackError.Condition) -> String {
        switch condition {
        case .itemNotFound:
            "\(operatorOfHost) has to serve \(domain) there, or the operator of \(domain) has to name another host in the "
                + "SRV records"
        case .remoteConnectionFailed: "the server could not connect to \(name): \(fixOfReach)"
        case .remoteServerNotFound:
            "the server found nobody who serves \(name): see that the daemon there hosts it, and \(fixOfReach)"
        case .remoteServerTimeout: fixOfSilence
        case .policyViolation: "ask \(operatorOfHost) whether they federate with \(name), and what they ask for"
        case .notAuthorized: fixOfProof
        case .forbidden: "\(fixOfForgery); or \(operatorOfHost) does not federate with \(name)"
        case .notAcceptable: "\(operatorOfHost) can see in the server's log why it cannot tell who \(name) is"
        case .resourceConstraint: "the server has enough to do: look again later"
        case .undefinedCondition: "\(operatorOfHost) can see why in the server's log; \(fixOfReach)"
        }
    }

    /// A server that knows no dialback errors says in this way what failed (XEP-0220 §2.5).
    private func fix(_ error: StreamError) -> String {
        switch error.condition {
        case .hostUnknown, .hostGone: fix(DialbackError.Condition.itemNotFound)
        case .remoteConnectionFailed: fix(.remoteConnectionFailed)
        case .connectionTimeout: fixOfSilence
        case .notAuthorized, .policyViolation: fixOfProof
        case .resourceConstraint: fix(DialbackError.Condition.resourceConstraint)
        default: "\(operatorOfHost) can see why in the server's log; \(fixOfReach)"
        }
    }
}
