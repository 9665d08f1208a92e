/// What dialback is worth for a remote domain.
public struct DialbackRules: Sendable {
    /// The policy for the domain.
    public var policy: FederationPolicy
    /// Whether the way to the server that we ask has to be vouched for by DNSSEC (DK-08).
    public var needsSecureDelegation: Bool

    /// Makes rules.
    public init(_ policy: FederationPolicy, needsSecureDelegation: Bool = false) {
        self.policy = policy
        self.needsSecureDelegation = needsSecureDelegation
    }

    /// Whether nobody speaks against a claim, proved or not: no prooftype knows it to be false, and no condition of the policy
    /// is unmet. Only of such a claim dialback and encryption may take what is left.
    public func isUnopposed(_ conclusion: ProofConclusion) -> Bool {
        guard policy.isAllowed, !conclusion.isRefutation else { return false }
        guard case .refused(_, let verdicts) = conclusion else { return true }
        return policy.conditions.allSatisfy { condition in
            switch verdicts.first(where: { $0.prooftype == condition.prooftype.name })?.result {
            // What is withheld may be the very record that would refuse an impostor (DA-07).
            case nil, .unavailable, .refuted: false
            case .inconclusive: !condition.isRequired
            case .proven, .matched: true
            }
        }
    }
}

extension DialbackRules {
    /// The domain of a server that we dialled, as far as the policy takes it: proved, or below ``FederationPolicy/Level``
    /// `authenticated` where only DNS and encryption speak for it and nothing speaks against it (PT-05).
    ///
    /// - Parameters:
    ///   - conclusion: What came of the server's claim.
    ///   - isEncrypted: Whether TLS protects the connection.
    public func domain(dialled conclusion: ProofConclusion, isEncrypted: Bool) -> ProvenDomain? {
        switch conclusion {
        case .proven(let proven):
            // A certificate proves nothing where nobody has shown to hold its key.
            return isEncrypted ? proven : nil
        case .refused(let claim, let verdicts):
            let level: FederationPolicy.Level = isEncrypted ? .encrypted : .verified
            guard claim.side == .target, level >= policy.level, isUnopposed(conclusion),
                isEncrypted || !policy.demandsTLS(of: claim.delegation), isSecureEnough(claim.delegation)
            else { return nil }
            var proof = Proof([:], expires: nil, hasSecureDelegation: claim.delegation?.isSecure ?? false)
            proof.findings = Self.findings(of: claim.delegation)
            var proven = ProvenDomain(
                claim: claim, prooftype: .none, proof: proof, level: level, verdicts: verdicts)
            proven.basis = .nobody
            return proven
        }
    }

    /// A server that the configuration names needs nobody who vouches for the way.
    func isSecureEnough(_ delegation: Delegation?) -> Bool {
        guard needsSecureDelegation, let delegation else { return true }
        return delegation.isSecure && delegation.hasSecureAddresses
    }

    /// What DNS says of the way, for people: dialback is as good as this is (DK-08).
    static func findings(of delegation: Delegation?) -> [Proof.Finding] {
        guard let delegation else { return [Proof.Finding(name: "delegation", value: "named by the configuration")] }
        let addresses = delegation.hasSecureAddresses ? "secure" : "not secure"
        return [
            Proof.Finding(name: "delegation", value: delegation.detail),
            Proof.Finding(
                name: "dnssec",
                value: "service records \(delegation.isSecure ? "secure" : "not secure"), addresses \(addresses)"),
        ]
    }
}
