internal import Administration
internal import DNSMessages
internal import DomainAssociation
internal import Federation
internal import StreamProtocol

/// What each prooftype says of the domain, over all of its servers: one that is proved anywhere can be reached so.
struct ProofSummary {
    /// By name: `pkix`, `dane`, `posh`, and for servers' ports `dialback`.
    private(set) var prooftypes: [String: CheckReport.Proof] = [:]
    /// A step for each, in their order.
    private(set) var steps: [CheckReport.Step] = []

    private let targets: [ProbedTarget]

    init(_ targets: [ProbedTarget], service: CheckedService) {
        self.targets = targets
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

    private func dialback(_ service: CheckedService) -> CheckReport.Proof {
        guard service == .server else {
            return CheckReport.Proof(result: .absent, reason: "clients have no dialback")
        }
        for target in targets {
            guard let greeting = target.outcome.findings.protected ?? target.outcome.findings.clear,
                greeting.supportsDialback
            else { continue }
            let isProtected = target.outcome.findings.protected != nil
            return CheckReport.Proof(
                result: .offered, reason: "offered \(isProtected ? "under TLS" : "in clear"); it was not tried",
                evidence: [
                    "endpoint": target.endpoint.name, "address": target.address?.description ?? "",
                    "tls": isProtected ? "yes" : "no", "errors": greeting.reportsDialbackErrors ? "yes" : "no",
                ])
        }
        return CheckReport.Proof(
            result: .absent, reason: targets.isEmpty ? "no connection was made" : "no server offers it")
    }
}
