internal import Administration
internal import DNSMessages
internal import DomainAssociation
internal import Federation
internal import TransportSecurity
internal import XMPPModel

/// Tells what was seen of all servers, each thing once: addresses that behave alike together, and a chain of certificates
/// where it is seen first.
struct CheckNarration {
    let domain: DomainName
    let service: CheckedService
    let sender: DomainName?
    let trustStore: TrustStore
    /// Seconds since 1970.
    let moment: Int64
    let targets: [ProbedTarget]

    /// Addresses of one endpoint that behave alike.
    private struct Group {
        let first: ProbedTarget
        var addresses: [String]
        let name: String
    }

    /// The steps.
    var steps: [CheckReport.Step] {
        let isAnyReached = targets.contains { $0.verdict != .none }
        var places: [[PeerCertificate]: String] = [:]
        var steps: [CheckReport.Step] = []
        for group in groups {
            let target = group.first
            steps +=
                ConnectionSteps(
                    domain: domain, service: service, endpoint: target.endpoint, addresses: group.addresses,
                    outcome: target.outcome, dialback: target.dialback, name: group.name, sender: sender,
                    isReachedElsewhere: isAnyReached
                ).steps
            if !target.certificates.isEmpty {
                if let place = places[target.certificates] {
                    steps.append(
                        CheckReport.Step("certificate \(group.name)", .ok, "the same certificates as at \(place)"))
                } else {
                    places[target.certificates] = group.name
                    steps += certificateSteps(target, group.name)
                }
            }
            guard target.endpoint.refusal == nil, target.outcome.failure == nil else { continue }
            if let step = ProofSteps(domain: domain, moment: moment).rollover(target, name: group.name) {
                steps.append(step)
            }
        }
        return steps
    }

    private func certificateSteps(_ target: ProbedTarget, _ name: String) -> [CheckReport.Step] {
        let delegation = target.endpoint.delegation
        return CertificateSteps(
            domain: domain, service: service.claimed, chain: target.certificates, trustStore: trustStore,
            secureHost: delegation?.isSecure == true ? delegation?.host : nil,
            isProvenOtherwise: target.judgement.statements.contains { $0.name != "pkix" && $0.proof.result == .proven },
            moment: moment, name: name
        ).steps
    }

    private var groups: [Group] {
        var groups: [Group] = []
        var index = 0
        while index < targets.count {
            let endpoint = targets[index].endpoint
            let own = targets[index...].prefix {
                $0.endpoint.name == endpoint.name && $0.endpoint.directTLS == endpoint.directTLS
            }
            index += own.count
            var kinds: [(target: ProbedTarget, addresses: [String])] = []
            for target in own {
                let address = target.address?.description ?? "no address"
                if let known = kinds.firstIndex(where: {
                    $0.target.outcome == target.outcome && $0.target.dialback == target.dialback
                }) {
                    kinds[known].addresses.append(address)
                } else {
                    kinds.append((target, [address]))
                }
            }
            groups += kinds.map { kind in
                let suffix = kinds.count > 1 ? " (\(kind.addresses.joined(separator: ", ")))" : ""
                return Group(first: kind.target, addresses: kind.addresses, name: endpoint.name + suffix)
            }
        }
        return groups
    }
}
