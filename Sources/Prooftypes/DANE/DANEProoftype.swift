public import DomainAssociation
public import TransportSecurity
internal import XMPPModel

/// Proof by TLSA records under DNSSEC (RFC 6698, RFC 7671, RFC 7673).
///
/// The proof is the certificate or its chain, its material are the TLSA records of the servers that the domain's service
/// records name, and it needs secure DNS all the way (PT-01). A peer that we dialled is compared with the records of the
/// endpoint that was dialled, one that dialled us with those of every endpoint of its domain (DA-21).
public struct DANEProoftype: Prooftype {
    /// The name that the configuration and `associations` use.
    public let name: ProoftypeName = "dane"
    /// Yes: the domain publishes its keys.
    public let explainsKeyChanges = true

    private let trustStore: TrustStore
    private let usages: Set<UInt8>
    private let digests: [UInt8]
    private let isBinding: Bool

    /// Every certificate usage (RFC 6698 §2.1.1).
    public static let allUsages: Set<UInt8> = [0, 1, 2, 3]
    /// The matching types of digests, the strongest first: SHA-512, SHA-256 (RFC 7671 §9).
    public static let allDigests: [UInt8] = [2, 1]
    /// Endpoints of one domain whose records are asked for at most (DO-06).
    public static let mostEndpoints = 8

    /// Makes the prooftype.
    ///
    /// - Parameters:
    ///   - trustStore: The authorities for the usages that demand PKIX as well, 0 and 1.
    ///   - usages: The certificate usages that count; records of others are unusable.
    ///   - digests: The matching types of digests that count, the strongest first.
    ///   - isBinding: Whether records that do not match refute the claim (DA-08); otherwise they only prove nothing.
    public init(
        trustStore: TrustStore, usages: Set<UInt8> = Self.allUsages, digests: [UInt8] = Self.allDigests,
        isBinding: Bool = true
    ) {
        self.trustStore = trustStore
        self.usages = usages
        self.digests = digests
        self.isBinding = isBinding
    }

    /// Judges the chain by the records of the peer's endpoints.
    public func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        guard let leaf = claim.certificates.first else { return .inconclusive(reason: "no certificate was presented") }
        switch claim.side {
        case .target: return assessDialled(claim, leaf, evidence)
        case .sender: return assessDialling(claim, leaf, evidence)
        }
    }

    // MARK: - Which records count

    private func assessDialled(_ claim: DomainClaim, _ leaf: PeerCertificate, _ evidence: Evidence) -> Assessment {
        guard let delegation = claim.delegation else {
            return .inconclusive(reason: "no DNS record led to the server")
        }
        // An unsigned answer could name an attacker's host, whose TLSA records would then be genuine (DA-01).
        guard delegation.isSecure else {
            return .inconclusive(reason: "the way to \(delegation.host) is not secure: \(delegation.detail)")
        }
        let known = evidence.tlsaRecords(host: delegation.host, port: delegation.port) ?? delegation.tlsa
        guard let answer = known else { return .needs([.tlsaRecords(host: delegation.host, port: delegation.port)]) }
        return judge(claim, leaf, [Endpoint(host: delegation.host, answer: answer)], expires: delegation.expires)
    }

    private func assessDialling(_ claim: DomainClaim, _ leaf: PeerCertificate, _ evidence: Evidence) -> Assessment {
        let domain = claim.claimedDomain
        guard let services = evidence.serviceRecords(of: domain) else { return .needs([.serviceRecords(of: domain)]) }
        guard !services.isUnknown else {
            return .unavailable(reason: "the service records of \(domain) could not be found out: \(services.detail)")
        }
        guard services.isSecure else {
            return .inconclusive(reason: "the service records of \(domain) are not secure: \(services.detail)")
        }
        var endpoints: [Endpoint] = []
        var unanswered: [EvidenceRequest] = []
        var asked: Set<EvidenceRequest> = []
        var passedOver: Set<EvidenceRequest> = []
        for record in services.records where !record.target.isEmpty {
            let request = EvidenceRequest.tlsaRecords(host: record.target, port: record.port)
            guard !asked.contains(request) else { continue }
            guard asked.count < Self.mostEndpoints else {
                passedOver.insert(request)
                continue
            }
            asked.insert(request)
            if let answer = evidence.tlsaRecords(host: record.target, port: record.port) {
                endpoints.append(Endpoint(host: record.target, answer: answer))
            } else {
                unanswered.append(request)
            }
        }
        // One endpoint that matches is enough, whatever the others may turn out to be (DA-21).
        if !unanswered.isEmpty {
            let early = judge(claim, leaf, endpoints, expires: services.expires)
            if case .proven = early { return early }
            return .needs(unanswered)
        }
        let assessment = judge(claim, leaf, endpoints, expires: services.expires)
        // The key may be that of a server whose records nobody has looked at.
        guard case .refuted(let reason) = assessment, !passedOver.isEmpty else { return assessment }
        return .unavailable(
            reason: "\(reason); the records of \(passedOver.count) further servers of \(domain) were not asked for: "
                + "\(Self.mostEndpoints) are the most that are looked at")
    }

    // MARK: - The comparison

    private struct Endpoint {
        var host: String
        var answer: TLSAAnswer
    }

    private func judge(
        _ claim: DomainClaim, _ leaf: PeerCertificate, _ endpoints: [Endpoint], expires: Int64?
    ) -> Assessment {
        var mismatches: [String] = []
        var unusable: [String] = []
        var unknown: [String] = []
        var absences: [String] = []
        var proofByAuthority: Proof?
        for endpoint in endpoints {
            let answer = endpoint.answer
            switch answer.content {
            case .absent: absences.append("\(answer.owner): \(answer.detail)")
            case .unknown: unknown.append("\(answer.owner): \(answer.detail)")
            case .records(let records):
                let selection = TLSASelection(records, usages: usages, digests: digests)
                guard !selection.usable.isEmpty else {
                    unusable += selection.unusable.map { "\(answer.owner) \($0)" }
                    continue
                }
                var judgement = TLSAJudgement(
                    of: claim, leaf: leaf, hosts: [answer.base, endpoint.host], trustStore: trustStore)
                if let match = judgement.firstMatch(among: selection.usable) {
                    var proof = proof(of: leaf, match, by: answer, expires: expires)
                    proof.namesKey = selection.usable.contains { $0.isForPeer && $0.names(leaf) }
                    if proof.namesKey { return .proven(proof) }
                    proofByAuthority = proofByAuthority ?? proof
                    continue
                }
                let misses = judgement.nearMisses.isEmpty ? "" : ": " + judgement.nearMisses.joined(separator: ", ")
                mismatches.append("the \(selection.usable.count) usable TLSA records at \(answer.owner)\(misses)")
            }
        }
        if let proofByAuthority { return .proven(proofByAuthority) }
        if !unknown.isEmpty {
            return .unavailable(reason: "TLSA records could not be found out: \(Self.list(unknown))")
        }
        if !mismatches.isEmpty {
            let reason = "certificate \(leaf.sha256Text.prefix(16))… matches none of \(Self.list(mismatches))"
            // Published keys are the domain's own word, and no authority overrules them (DA-08, DA-21).
            return isBinding ? .refuted(reason: reason) : .inconclusive(reason: reason)
        }
        // As if there were none, except that TLS stays mandatory (DA-09).
        if !unusable.isEmpty { return .inconclusive(reason: "no TLSA record can be used: \(Self.list(unusable))") }
        return .inconclusive(
            reason: absences.isEmpty ? "the domain names no server" : "no secure TLSA records: \(Self.list(absences))")
    }

    private func proof(
        of leaf: PeerCertificate, _ match: TLSAJudgement.Match, by answer: TLSAAnswer, expires: Int64?
    ) -> Proof {
        let ends = [match.expires, answer.expires, expires].compactMap(\.self)
        var proof = Proof(
            [
                "matched": "TLSA \(match.record.summary) at \(answer.owner)", "owner": answer.owner,
                "record": match.record.text, "dnssec": answer.detail, "subject": leaf.subject,
                "sha256": leaf.sha256Text,
            ], expires: ends.min(), hasSecureDelegation: true)
        if let name = match.name {
            proof.findings.append(Proof.Finding(name: "name", value: "\(name.kind) \(name.name)"))
        }
        return proof
    }

    /// Reasons in a line that stays readable.
    private static func list(_ reasons: [String], limit: Int = 4) -> String {
        let shown = reasons.prefix(limit).joined(separator: "; ")
        return reasons.count > limit ? "\(shown); and \(reasons.count - limit) more" : shown
    }
}
