/// What one prooftype says in a case so far.
struct ProofStatement {
    /// Who says it.
    var prooftype: ProoftypeName
    /// Whether the policy lets it prove; otherwise it is a condition and nothing else.
    var proves: Bool
    /// Whether its proof explains another key.
    var explainsKeyChanges: Bool
    /// What it says.
    var assessment: Assessment

    /// Whether nothing can outweigh it.
    var isRefutation: Bool { if case .refuted = assessment { true } else { false } }

    /// Whether it waits for answers.
    var isOpen: Bool { !requests.isEmpty }

    /// Whether it says that the claim holds, whether or not that proves anything under the policy.
    var agrees: Bool { if case .proven = assessment { true } else { false } }

    /// Whether it speaks for this very key, and not for whatever an authority certifies.
    var explainsKey: Bool {
        guard explainsKeyChanges, case .proven(let proof) = assessment else { return false }
        return proof.namesKey
    }

    /// The answers that it waits for.
    var requests: [EvidenceRequest] {
        guard case .needs(let requests) = assessment else { return [] }
        return requests
    }

    /// The statement as the verdict that is kept.
    ///
    /// - Parameter isFinal: Whether what has not been answered by now never will be.
    func verdict(isFinal: Bool) -> ProofVerdict {
        let (result, reason): (ProofVerdict.Result, String) =
            switch assessment {
            case .needs where isFinal: (.unavailable, "its lookups were not answered in time")
            case .needs: (.inconclusive, "not awaited, since the case was decided without it")
            case .proven(let proof): (proves ? .proven : .matched, proof.findings.first?.value ?? "proved")
            case .inconclusive(let reason): (.inconclusive, reason)
            case .unavailable(let reason): (.unavailable, reason)
            case .refuted(let reason): (.refuted, reason)
            }
        return ProofVerdict(prooftype: prooftype, result: result, reason: reason)
    }
}
