internal import Administration
internal import Federation
internal import StreamProtocol
internal import XMPPModel

/// Whether the remote domain takes the domain of ours that asks, one way or the other.
struct SenderStep {
    /// The remote domain.
    let domain: DomainName
    /// The domain of ours.
    let sender: DomainName

    /// The step; nil where neither way could be tried.
    func step(_ targets: [ProbedTarget]) -> CheckReport.Step? {
        let isTakenByExternal = targets.contains { $0.outcome.findings.external == .accepted }
        let isTakenByDialback = targets.contains(where: \.dialback.isAccepted)
        let isTried = targets.contains { target in
            target.outcome.findings.external != nil || target.dialback.isTried
        }
        guard isTried else { return nil }
        let name = "sender \(sender)"
        let ways = [isTakenByExternal ? "EXTERNAL" : nil, isTakenByDialback ? "dialback" : nil].compactMap(\.self)
        guard !ways.isEmpty else {
            return CheckReport.Step(
                name, .failed, "\(domain) does not take \(sender): stanzas would come back",
                fix: "mend what the steps external and dialback say; one of both will do")
        }
        return CheckReport.Step(name, .ok, "\(domain) takes \(sender) by \(ways.joined(separator: " and by "))")
    }
}
