internal import DNSMessages

/// Proves all that one response claims: the aliases, what they lead to, and what is absent (RFC 4035 §5.3, §5.4).
struct AnswerProof: Sendable {
    /// Works on the question at hand of a chain of trust.
    ///
    /// - Throws: ``ProofInterruption``; the next run goes on from where this one stopped.
    static func verdict(using chain: inout ChainOfTrust) throws(ProofInterruption) -> ValidationVerdict {
        var whole: ProofFinding?
        for set in chain.question.positive {
            let finding = try prove(set, using: &chain)
            whole = whole?.followed(by: finding) ?? finding
            if finding.status == .bogus { break }
        }
        if let denial = chain.question.denial, whole?.status != .bogus {
            let finding = try prove(denial, using: &chain)
            whole = whole?.followed(by: finding) ?? finding
        }
        return (whole ?? ProofFinding(status: .indeterminate, reason: "the response claims nothing")).verdict
    }

    private static func prove(
        _ set: ValidationTask.RecordSet, using chain: inout ChainOfTrust
    ) throws(ProofInterruption) -> ProofFinding {
        guard !set.records.isEmpty, set.records.allSatisfy({ $0.owner == set.owner && $0.type == set.type }) else {
            return ProofFinding(status: .bogus, reason: "\(set.owner) \(set.type) is not one set of records")
        }
        if set.type == .cname, set.records.count > 1 {
            return ProofFinding(status: .bogus, reason: "\(set.owner) has more than one CNAME")
        }
        let (answers, authorities) = (chain.question.answers, chain.question.authorities)
        let name = signedIn(set.owner, set.type)
        guard let anchor = chain.anchors.closest(to: name)?.zone else { return unanchored(name) }
        // Above the trust anchor of the name nobody may move it elsewhere.
        if set.type == .cname, answers.signatures(set.owner, .cname).isEmpty,
            let redirection = SynthesizedAlias.source(of: set.records, in: answers),
            redirection.owner.isAtOrBelow(anchor)
        {
            let records = answers.records(redirection.owner, .dname)
            return try chain.proveSet(records, answers, authorities, in: redirection.owner, below: anchor)
        }
        return try chain.proveSet(set.records, answers, authorities, in: name, below: anchor)
    }

    private static func prove(
        _ denial: ValidationTask.Denial, using chain: inout ChainOfTrust
    ) throws(ProofInterruption) -> ProofFinding {
        let name =
            switch denial {
            case .noRecords(let question): signedIn(question.name, question.type)
            case .nameDoesNotExist(let name): name
            }
        guard let anchor = chain.anchors.closest(to: name)?.zone else { return unanchored(name) }
        return try chain.proveAbsence(denial, chain.question.authorities, in: name, below: anchor)
    }

    /// The name in whose zone records stand: DS records belong to the parent.
    private static func signedIn(_ owner: DNSName, _ type: RecordType) -> DNSName {
        type == .ds ? owner.parent ?? owner : owner
    }

    private static func unanchored(_ name: DNSName) -> ProofFinding {
        ProofFinding(status: .insecure, reason: "there is no trust anchor at or above \(name)")
    }
}
