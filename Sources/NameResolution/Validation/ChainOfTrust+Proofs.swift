internal import DNSMessages

/// Proofs of record sets and absences by the zones that claim to have signed them.
extension ChainOfTrust {
    /// Denials of one zone in one response that are looked at; an honest one needs four at most.
    private static let denialsTried = 16

    /// Proves one record set, with the absence of closer matches where a wildcard made it.
    ///
    /// - Parameters:
    ///   - name: The name whose zone has to have signed: the owner, or its parent for what stands above a cut.
    ///   - anchor: The closest trust anchor.
    mutating func proveSet(
        _ records: [DNSRecord], _ answers: MessageSection, _ authorities: MessageSection, in name: DNSName,
        below anchor: DNSName
    ) throws(ProofInterruption) -> ProofFinding {
        guard let first = records.first else {
            return ProofFinding(status: .bogus, reason: "there are no records to prove")
        }
        let signatures = answers.signatures(first.owner, first.type)
        guard let zone = try signingZone(signatures.map(\.signer), of: name, below: anchor) else {
            let fault = signatures.isEmpty ? "no signature" : "no signature by a zone that it lies in"
            return try excuse(for: name, below: anchor, "\(first.owner) \(first.type) has \(fault)")
        }
        guard case .secure(let keys) = zone.state else { return finding(zone) }
        let proof = RecordSetProof(zone: zone.zone, keys: keys, limits: limits, time: time)
        switch try proof.prove(records, by: signatures, work: &question.work) {
        case .failed(let reason):
            return ProofFinding(status: .bogus, reason: reason, chain: zone.chain)
        case .proved(let success):
            let whole = ProofFinding(success.text, in: zone.zone, after: zone.chain, lifetime: success.lifetime)
            guard let labels = success.encloserLabels else { return whole }
            let denials = try denials(of: zone.zone, keys, in: authorities)
            let shown = try denials.showNoCloserMatch(first.owner, encloserLabels: labels, work: &question.work)
            var closer = finding(shown, denials, zone, "a closer match for \(first.owner)")
            // What was proved is the answer; the absence only belongs to it.
            if closer.status == .secure { closer = closer.explained(by: whole) }
            return whole.followed(by: closer)
        }
    }

    /// Proves an absence.
    mutating func proveAbsence(
        _ denial: ValidationTask.Denial, _ authorities: MessageSection, in name: DNSName, below anchor: DNSName
    ) throws(ProofInterruption) -> ProofFinding {
        let claim =
            switch denial {
            case .noRecords(let question): "\(question)"
            case .nameDoesNotExist(let name): "the name \(name)"
            }
        guard let zone = try signingZone(authorities.denyingSigners, of: name, below: anchor) else {
            return try excuse(for: name, below: anchor, "nothing signed denies \(claim)")
        }
        guard case .secure(let keys) = zone.state else { return finding(zone) }
        let denials = try denials(of: zone.zone, keys, in: authorities)
        return finding(try denials.show(denial, work: &question.work), denials, zone, claim)
    }

    /// The denials of a zone whose signatures hold.
    mutating func denials(
        of zone: DNSName, _ keys: [ZoneKey], in section: MessageSection
    ) throws(ProofInterruption) -> ProvenDenials {
        let proof = RecordSetProof(zone: zone, keys: keys, limits: limits, time: time)
        var proved: [DNSRecord] = []
        var lifetime: Duration?
        var keyTags: Set<UInt16> = []
        var failure: String?
        for type in [RecordType.nsec, .nsec3] {
            let owners = section.owners(of: type).filter { owner in
                owner.isAtOrBelow(zone) && section.signatures(owner, type).contains { $0.signer == zone }
            }
            for owner in owners.prefix(Self.denialsTried) {
                let records = section.records(owner, type)
                switch try proof.prove(records, by: section.signatures(owner, type), work: &question.work) {
                case .proved(let success):
                    proved += records
                    keyTags.insert(success.signature.keyTag)
                    lifetime = min(success.lifetime, lifetime ?? success.lifetime)
                case .failed(let reason):
                    failure = reason
                }
            }
        }
        return ProvenDenials(
            plain: NextSecureDenial(zone: zone, records: proved.compactMap(NextSecure.init)),
            hashed: HashedDenial(zone: zone, records: proved.compactMap(NextSecureHashed.init)),
            lifetime: lifetime, keyTags: keyTags, failure: failure, iterationLimit: limits.iterations)
    }

    /// Looks for the insecure delegation that excuses missing signatures, from the trust anchor down to a name.
    ///
    /// - Parameter fault: What is missing, for the case that there is no excuse.
    mutating func excuse(
        for name: DNSName, below anchor: DNSName, _ fault: String
    ) throws(ProofInterruption) -> ProofFinding {
        var closest = try zone(anchor)
        guard case .secure = closest.state else { return finding(closest) }
        for count in stride(from: anchor.labelCount + 1, through: name.labelCount, by: 1) {
            let below = try delegation(name.suffix(labels: count))
            switch below.state {
            case .signed:
                closest = try zone(below.name)
                guard case .secure = closest.state else { return finding(closest) }
            case .noCut:
                continue
            case .nothingBelow:
                return ProofFinding(status: .bogus, reason: "\(fault), and \(below.reason)", chain: closest.chain)
            case .insecure:
                return ProofFinding(
                    status: .insecure, reason: below.reason, chain: below.chain,
                    lifetime: remaining(below.expiry))
            case .bogus:
                return ProofFinding(status: .bogus, reason: "\(fault), and \(below.reason)", chain: below.chain)
            case .indeterminate:
                return ProofFinding(status: .indeterminate, reason: below.reason, chain: closest.chain)
            }
        }
        return ProofFinding(
            status: .bogus, reason: "\(fault), though zone \(closest.zone) is signed", chain: closest.chain)
    }

    /// What lies in a zone without usable keys.
    func finding(_ zone: ZoneFact) -> ProofFinding {
        ProofFinding(
            status: zone.status ?? .bogus, reason: zone.reason, chain: zone.chain,
            lifetime: zone.state == .insecure && !zone.chain.isEmpty ? remaining(zone.expiry) : nil)
    }

    private func finding(
        _ shown: DenialFinding, _ denials: ProvenDenials, _ zone: ZoneFact, _ claim: String
    ) -> ProofFinding {
        let status: SecurityStatus
        let reason: String
        switch shown {
        case .proved(let text):
            (status, reason) = (.secure, "\(claim) is denied by \(text), signed by \(denials.signers) of \(zone.zone)")
        case .unprotected(let text): (status, reason) = (.insecure, "\(claim) may exist unsigned: \(text)")
        case .unproved(let text): (status, reason) = (.bogus, "\(claim) is not denied: \(denials.failure ?? text)")
        }
        let link = ValidationReport.Link(zone: zone.zone, status: status, detail: reason)
        return ProofFinding(status: status, reason: reason, chain: zone.chain + [link], lifetime: denials.lifetime)
    }

    private func remaining(_ expiry: Duration) -> Duration { max(.zero, expiry - time.elapsed) }
}
