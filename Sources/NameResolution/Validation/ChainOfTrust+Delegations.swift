internal import DNSMessages

/// What the parent's side says of a name: DS records, or the proof that there are none (RFC 4035 §5.2, RFC 6840 §4.4).
extension ChainOfTrust {
    mutating func findDelegation(_ name: DNSName) throws(ProofInterruption) -> DelegationFact {
        guard let parent = name.parent, let anchor = anchors.closest(to: parent)?.zone else {
            let reason = "there is no trust anchor above \(name)"
            return fact(name, .insecure, reason, [], until: time.elapsed)
        }
        let asked = DNSQuestion(name, .ds)
        let answers: MessageSection
        let authorities: MessageSection
        switch try response(to: asked) {
        case .failed(let reason):
            let text = "the DS records of \(name) could not be fetched: \(reason)"
            return fact(name, .indeterminate, text, [], until: faultExpiry)
        case .answered(let answer, let authority):
            (answers, authorities) = (answer, authority)
        }
        let records = answers.records(name, .ds)
        if !records.isEmpty {
            let finding = try proveSet(records, answers, authorities, in: parent, below: anchor)
            return delegation(name, found: finding, if: .signed(records.compactMap(DelegationSigner.init)))
        }
        if let fact = try aliasInstead(of: name, answers, authorities, below: anchor) { return fact }
        guard let zone = try signingZone(authorities.denyingSigners, of: parent, below: anchor) else {
            let finding = try excuse(
                for: parent, below: anchor, "nothing that is signed says whether \(name) is a zone")
            return delegation(name, found: finding, if: .noCut)
        }
        guard case .secure(let keys) = zone.state else {
            return delegation(name, found: finding(zone), if: .noCut)
        }
        return try deniedDelegation(name, by: zone, try denials(of: zone.zone, keys, in: authorities))
    }

    private mutating func deniedDelegation(
        _ name: DNSName, by zone: ZoneFact, _ denials: ProvenDenials
    ) throws(ProofInterruption) -> DelegationFact {
        let end = denials.lifetime.map(expiry(after:)) ?? faultExpiry
        switch try denials.delegation(name, work: &question.work) {
        case .insecureDelegation(let text):
            let reason = "no DS for \(name), denied by \(text): insecure delegation"
            let link = ValidationReport.Link(zone: name, status: .insecure, detail: reason)
            return fact(name, .insecure, reason, zone.chain + [link], until: end)
        case .noCut(let text):
            return fact(name, .noCut, "no zone begins at \(name), by \(text)", zone.chain, until: end)
        case .nothingBelow(let text):
            return fact(name, .nothingBelow, "there is no \(name) in \(zone.zone), by \(text)", zone.chain, until: end)
        case .unproved(let text):
            let reason = "the DS records of \(name) are neither there nor denied: \(denials.failure ?? text)"
            return bogus(name, reason, zone.chain)
        }
    }

    /// An alias where DS records were asked for: no zone begins there.
    private mutating func aliasInstead(
        of name: DNSName, _ answers: MessageSection, _ authorities: MessageSection, below anchor: DNSName
    ) throws(ProofInterruption) -> DelegationFact? {
        guard let parent = name.parent else { return nil }
        let alias = answers.records(name, .cname)
        if !alias.isEmpty, !answers.signatures(name, .cname).isEmpty {
            let finding = try proveSet(alias, answers, authorities, in: parent, below: anchor)
            if finding.status == .secure { return delegation(name, found: finding, if: .noCut) }
        }
        var candidate: DNSName? = parent
        while let above = candidate, above.isAtOrBelow(anchor) {
            let redirection = answers.records(above, .dname)
            if !redirection.isEmpty {
                let finding = try proveSet(redirection, answers, authorities, in: above, below: anchor)
                if finding.status == .secure { return delegation(name, found: finding, if: .nothingBelow) }
            }
            candidate = above.parent
        }
        return nil
    }

    private func delegation(
        _ name: DNSName, found finding: ProofFinding, if secure: DelegationFact.State
    ) -> DelegationFact {
        let end = finding.lifetime.map(expiry(after:)) ?? faultExpiry
        switch finding.status {
        case .secure: return fact(name, secure, finding.reason, finding.chain, until: end)
        case .insecure: return fact(name, .insecure, finding.reason, finding.chain, until: end)
        case .indeterminate: return fact(name, .indeterminate, finding.reason, finding.chain, until: faultExpiry)
        case .bogus: return bogus(name, finding.reason, finding.chain)
        }
    }

    private func bogus(_ name: DNSName, _ reason: String, _ chain: [ValidationReport.Link]) -> DelegationFact {
        var fact = fact(name, .bogus, reason, chain, until: faultExpiry)
        fact.blame = DNSQuestion(name, .ds)
        return fact
    }

    private func fact(
        _ name: DNSName, _ state: DelegationFact.State, _ reason: String, _ chain: [ValidationReport.Link],
        until expiry: Duration
    ) -> DelegationFact {
        DelegationFact(name: name, state: state, reason: reason, chain: chain, expiry: expiry)
    }
}
