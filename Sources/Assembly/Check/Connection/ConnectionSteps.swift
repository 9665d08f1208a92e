internal import Administration
internal import DomainAssociation
internal import Federation
internal import StreamProtocol
internal import XMPPModel

/// What was seen of the connections to one endpoint, in words: of all addresses at once where they behave alike.
struct ConnectionSteps {
    let domain: DomainName
    let service: CheckedService
    let endpoint: CheckedEndpoint
    /// The addresses that behave alike.
    let addresses: [String]
    let outcome: EndpointProbe.Outcome
    /// What came of dialback.
    let dialback: TriedDialback
    /// As steps name the endpoint, with the address where not all behave alike.
    let name: String
    /// The domain of ours that asked; nil for nobody.
    let sender: DomainName?
    /// Whether some other address could be used: then this one is a blemish.
    let isReachedElsewhere: Bool

    private var findings: StreamFindings { outcome.findings }
    private var operatorOfHost: String { "the operator of \(endpoint.host)" }

    /// The steps in the order in which things happened.
    var steps: [CheckReport.Step] {
        if let refusal = endpoint.refusal {
            return [CheckReport.Step("connection \(name)", .failed, "not tried: \(refusal)", fix: "mend that first")]
        }
        let places = addresses.joined(separator: ", ")
        guard outcome.failure == nil else {
            return [
                CheckReport.Step(
                    "connection \(name)", isReachedElsewhere ? .warning : .failed,
                    "\(places): \(outcome.failure ?? "")",
                    fix: "\(operatorOfHost) should see that it listens on port \(endpoint.port) there and that nothing "
                        + "filters it, or take the address out of DNS; if others get through, mend this host's way out")
            ]
        }
        var steps = [CheckReport.Step("connection \(name)", .ok, "\(places): connected, \(endpoint.method)")]
        if !endpoint.directTLS { steps += startTLSSteps }
        steps += tlsSteps
        steps += streamSteps
        if service == .server { steps += dialbackSteps + externalSteps }
        return steps
    }

    // MARK: - TLS

    private var startTLSSteps: [CheckReport.Step] {
        let step = "starttls \(name)"
        guard let clear = findings.clear, clear.hasFeatures else { return [] }
        let offer =
            switch clear.startTLS {
            case .absent: "not offered"
            case .optional: "offered, not required"
            case .required: "offered and required"
            }
        guard findings.encryption == .begun || findings.encryption == .established else {
            let reason = findings.encryption == .refused ? "refused" : "not answered"
            return [
                CheckReport.Step(
                    step, .failed, "\(offer), and \(reason) when asked for",
                    fix: "\(operatorOfHost) has to switch TLS on and give the server a certificate for \(domain)")
            ]
        }
        guard clear.startTLS != .absent else {
            return [
                CheckReport.Step(
                    step, .warning, "not offered, and granted all the same: somebody may strip the offer on the way",
                    fix: "compare from another network; \(operatorOfHost) should look at the server's TLS settings")
            ]
        }
        return [CheckReport.Step(step, .ok, offer)]
    }

    private var tlsSteps: [CheckReport.Step] {
        let step = "tls \(name)"
        guard let session = outcome.session else {
            guard findings.encryption == .begun else { return [] }
            let reason = findings.fault.map { "\($0.reason)" } ?? "the handshake did not end"
            return [CheckReport.Step(step, .failed, reason, fix: handshakeFix(reason))]
        }
        let words = "\(session.version), \(session.cipherSuite)"
        guard endpoint.directTLS else { return [CheckReport.Step(step, .ok, words)] }
        // Most servers of today say nothing, which XEP-0368 lets them.
        guard let selected = session.applicationProtocol else {
            return [CheckReport.Step(step, .ok, words + ", no ALPN")]
        }
        return [CheckReport.Step(step, .ok, "\(words), ALPN \(selected)")]
    }

    private func handshakeFix(_ reason: String) -> String {
        let isTooOld = ["protocol", "version", "cipher"].contains { reason.lowercased().contains($0) }
        return isTooOld
            ? "\(operatorOfHost) has to allow TLS 1.2 or 1.3 with ECDHE and AES-GCM or ChaCha20 (RFC 9325)"
            : "\(operatorOfHost) should look into the server's log: certificate and key, and whether the port speaks "
                + (endpoint.directTLS ? "TLS from the first octet" : "XMPP")
    }

    // MARK: - The stream

    private var streamSteps: [CheckReport.Step] {
        let step = "stream \(name)"
        if let error = findings.error { return [errorStep(step, error)] }
        if let fault = findings.fault {
            // What befell the handshake has been told.
            guard fault.stage != .handshake else { return [] }
            return [
                CheckReport.Step(
                    step, .failed, "\(fault.reason); awaited was \(fault.stage.rawValue)",
                    fix: fault.isTimeout
                        ? "\(operatorOfHost) should see why the server is silent; a firewall may be in the way"
                        : "\(operatorOfHost) should see that the port belongs to an XMPP server that serves \(domain) "
                            + "for \(service.rawValue)")
            ]
        }
        guard let greeting = findings.protected else { return [] }
        var parts = [greeting.from.map { "from \($0)" } ?? "no from"]
        if !greeting.mechanisms.isEmpty { parts.append("SASL \(greeting.mechanisms.joined(separator: " "))") }
        if greeting.offersBidirectional { parts.append("bidirectional") }
        if let maximum = greeting.limits?.maximumBytes { parts.append("stanzas of at most \(maximum) octets") }
        let detail = parts.joined(separator: ", ")
        guard greeting.from != nil, greeting.from != "" else {
            return [
                CheckReport.Step(
                    step, .warning, detail + ": the server does not say who it is (RFC 6120 §4.7.1)",
                    fix: "\(operatorOfHost) should report that to the makers of the server")
            ]
        }
        return [CheckReport.Step(step, .ok, detail)]
    }

    private func errorStep(_ step: String, _ error: StreamError) -> CheckReport.Step {
        let detail = "the server ended the stream: \(error)"
        switch error.condition {
        case .hostUnknown, .hostGone:
            return CheckReport.Step(
                step, .failed, detail,
                fix: "\(operatorOfHost) has to serve \(domain) there, or the operator of \(domain) has to name another "
                    + "host in the SRV records")
        case .seeOtherHost:
            return CheckReport.Step(
                step, .warning, "\(detail); it names \(error.otherHost ?? "nobody"), which is not followed here",
                fix: "the operator of \(domain) should name that host in the SRV records")
        case .improperAddressing, .invalidFrom:
            guard findings.wantsSender, sender == nil, service == .server else { break }
            return CheckReport.Step(
                step, .warning, "\(detail): it wants to know who asks",
                fix: "ask again with --from and a domain of yours")
        default: break
        }
        return CheckReport.Step(step, .failed, detail, fix: "\(operatorOfHost) can see why in the server's log")
    }

    // MARK: - What comes after

    private var dialbackSteps: [CheckReport.Step] {
        let step = DialbackStep(
            domain: domain, sender: sender, host: endpoint.host, greeting: findings.protected ?? findings.clear,
            tried: dialback, isTakenByExternal: findings.external == .accepted)
        return step.step(named: "dialback \(name)").map { [$0] } ?? []
    }

    /// Whether our certificate does.
    private var externalSteps: [CheckReport.Step] {
        guard let sender, let greeting = findings.protected, greeting.hasFeatures else { return [] }
        let step = "external \(name)"
        guard outcome.session?.localCertificateWasSent == true else {
            return [
                CheckReport.Step(
                    step, .absent, "the certificate of \(sender) was not asked for, or there is none: not looked at")
            ]
        }
        guard greeting.mechanisms.contains("EXTERNAL") else {
            return [
                CheckReport.Step(
                    step, .warning, "the certificate of \(sender) was presented, and EXTERNAL is not offered for it",
                    fix:
                        "see that the certificate names \(sender), has its whole chain, and clientAuth besides serverAuth; "
                        + "\(operatorOfHost) may trust other authorities")
            ]
        }
        switch findings.external {
        case .accepted?:
            return [
                CheckReport.Step(step, .ok, "the certificate of \(sender) was presented, and EXTERNAL was accepted")
            ]
        case .refused(let condition, let text)?:
            let words = text.map { " (\"\($0)\")" } ?? ""
            return [
                CheckReport.Step(
                    step, .warning,
                    "EXTERNAL was offered, and refused for the certificate of \(sender): \(condition)\(words)",
                    fix: "ask \(operatorOfHost) what their log says of \(sender); its certificate has been presented")
            ]
        case .failed(let reason)?:
            return [
                CheckReport.Step(
                    step, .warning, "EXTERNAL was offered, and trying it came to nothing: \(reason)",
                    fix: "\(operatorOfHost) should see why their server did not answer <auth/>")
            ]
        case nil:
            return [
                CheckReport.Step(
                    step, .absent,
                    "the certificate of \(sender) was presented, and EXTERNAL is offered; it was not tried")
            ]
        }
    }
}
