internal import Administration
internal import DNSMessages
internal import DomainAssociation
internal import Federation
internal import StreamProtocol
internal import XMPPModel

/// What each prooftype says of the domain, over all of its servers: one that is proved anywhere can be reached so.
struct ProofSummary {
    /// By name: `pkix`, `dane`, `posh`, and for servers' ports `dialback`.
    private(set) var prooftypes: [String: CheckReport.Proof] = [:]
    /// A step for each, in their order.
    private(set) var steps: [CheckReport.Step] = []

    private let targets: [ProbedTarget]
    private let domain: DomainName
    private let sender: DomainName?

    /// - Parameters:
    ///   - domain: The remote domain.
    ///   - sender: The domain of ours that asked; nil for nobody.
    init(_ targets: [ProbedTarget], service: CheckedService, domain: DomainName, sender: DomainName?) {
        self.targets = targets
        self.domain = domain
        self.sender = sender
        for name in ["pkix", "dane", "posh"] { add(name, named: ProoftypeName(name)) }
        for statement in targets.first?.judgement.statements ?? [] where prooftypes[statement.name.description] == nil {
            add(statement.name.description, named: statement.name)
        }
        prooftypes["dialback"] = dialback(service)
    }

    private mutating func add(_ name: String, named prooftype: ProoftypeName) {
        let said = targets.compactMap { target -> (target: ProbedTarget, proof: CheckReport.Proof)? in
            target.judgement.statements.first { $0.name == prooftype }.map { (target, $0.proof) }
        }
        let seen = said.filter { $0.target.outcome.session != nil }
        let chosen =
            said.first { $0.proof.result == .proven } ?? said.first { $0.proof.result == .failed } ?? seen.first
        guard let chosen, !seen.isEmpty || chosen.proof.result != .absent else {
            prooftypes[name] = CheckReport.Proof(
                result: .absent, reason: targets.isEmpty ? "no connection was made" : "no TLS came up")
            return
        }
        var proof = chosen.proof
        let places = Set(targets.map(\.endpoint.name))
        if places.count > 1 { proof.evidence["endpoint"] = chosen.target.endpoint.name }
        let others = said.filter { $0.proof.result == .failed && proof.result == .proven }
        if let other = others.first { proof.reason += "; not at \(other.target.endpoint.name): \(other.proof.reason)" }
        prooftypes[name] = proof
        steps.append(
            CheckReport.Step(
                "proof \(name)",
                proof.result == .absent
                    ? .absent : proof.result == .failed ? .warning : others.isEmpty ? .ok : .warning,
                "\(proof.result.rawValue): \(proof.reason)"))
    }

    /// Dialback proves domains to each other by what DNS says; what is told is whether the server takes ours by it.
    private func dialback(_ service: CheckedService) -> CheckReport.Proof {
        guard service == .server else {
            return CheckReport.Proof(result: .absent, reason: "clients have no dialback")
        }
        let offering = targets.filter(\.supportsDialback)
        let tried = offering.filter(\.dialback.isTried)
        guard let target = tried.first(where: \.dialback.isAccepted) ?? tried.first ?? offering.first else {
            return CheckReport.Proof(
                result: .absent, reason: targets.isEmpty ? "no connection was made" : "no server offers it")
        }
        var evidence = [
            "endpoint": target.endpoint.name, "address": target.address?.description ?? "",
            "tls": target.isEncrypted ? "yes" : "no",
            "errors": target.greeting?.reportsDialbackErrors == true ? "yes" : "no",
        ]
        switch target.dialback {
        case .untried(let reason, _):
            let place = target.isEncrypted ? "under TLS" : "in clear"
            return CheckReport.Proof(
                result: .offered, reason: "offered \(place); not tried: \(reason)", evidence: evidence)
        case .tried(let outcome):
            evidence["from"] = sender?.description
            var reason = words(of: target, outcome)
            let others = tried.filter { target.dialback.isAccepted && !$0.dialback.isAccepted }
            if let other = others.first, case .tried(let outcome) = other.dialback {
                reason += "; not at \(other.endpoint.name): \(words(of: other, outcome))"
            }
            return CheckReport.Proof(
                result: target.dialback.isAccepted ? .proven : .failed, reason: reason, evidence: evidence)
        }
    }

    private func words(of target: ProbedTarget, _ outcome: EndpointProbe.Outcome) -> String {
        DialbackStep(
            domain: domain, sender: sender, host: target.endpoint.host, greeting: target.greeting,
            tried: target.dialback, isTakenByExternal: false
        ).summary(outcome)
    }
}
