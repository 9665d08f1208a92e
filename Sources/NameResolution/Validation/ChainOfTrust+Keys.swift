internal import DNSMessages

/// From DS records or a trust anchor to the keys of a zone (RFC 4035 §5.2).
extension ChainOfTrust {
    /// DS records that are looked at; each may ask for digests of several keys.
    private static let signersTried = 16
    /// Keys of a zone that are used.
    private static let keysUsed = 32

    mutating func findZone(_ name: DNSName) throws(ProofInterruption) -> ZoneFact {
        guard let anchor = anchors.closest(to: name) else {
            return fact(name, .insecure, "there is no trust anchor at or above \(name)", [], until: time.elapsed)
        }
        if anchor.zone == name { return try zone(provedBy: anchor, titled: "trust anchor", chain: [], until: nil) }
        let delegation: DelegationFact
        do throws(ProofInterruption) {
            delegation = try self.delegation(name)
        } catch .needs(let questions) {
            // The keys will be needed next: one wait for both.
            let keys = DNSQuestion(name, .dnskey)
            throw .needs(question.responses[keys] == nil ? questions + [keys] : questions)
        }
        switch delegation.state {
        case .signed(let signers):
            let entry = TrustAnchor(zone: name, signers: signers)
            return try zone(provedBy: entry, titled: "DS", chain: delegation.chain, until: delegation.expiry)
        case .insecure:
            return fact(name, .insecure, delegation.reason, delegation.chain, until: delegation.expiry)
        case .noCut, .nothingBelow:
            return fact(name, .noZone, delegation.reason, delegation.chain, until: delegation.expiry)
        case .bogus:
            return fact(name, .bogus, delegation.reason, delegation.chain, until: faultExpiry)
        case .indeterminate:
            return fact(name, .indeterminate, delegation.reason, delegation.chain, until: faultExpiry)
        }
    }

    private mutating func zone(
        provedBy entry: TrustAnchor, titled title: String, chain: [ValidationReport.Link], until bound: Duration?
    ) throws(ProofInterruption) -> ZoneFact {
        let name = entry.zone
        let signers = usableSigners(entry.signers)
        let trusted = entry.keys.filter { limits.accepts($0.algorithm) && $0.isUsable }
        guard !signers.isEmpty || !trusted.isEmpty else {
            let reason = "\(name) has only algorithms or digests that are not supported: \(describe(entry, title))"
            let link = ValidationReport.Link(zone: name, status: .insecure, detail: reason)
            return fact(name, .insecure, reason, chain + [link], until: bound ?? faultExpiry)
        }
        let asked = DNSQuestion(name, .dnskey)
        let answers: MessageSection
        switch try response(to: asked) {
        case .failed(let reason):
            let text = "the keys of \(name) could not be fetched: \(reason)"
            return fact(name, .indeterminate, text, chain, until: faultExpiry)
        case .answered(let section, _):
            answers = section
        }
        let records = answers.records(name, .dnskey)
        guard !records.isEmpty else {
            let reason = "\(name) has no DNSKEY, though there is \(describe(entry, title))"
            return bogus(name, reason, chain, blame: asked)
        }
        let keys = records.compactMap(ZoneKey.init).filter { $0.isUsable && limits.accepts($0.algorithm) }
            .prefix(Self.keysUsed)
        let entryKeys = keys.filter { key in isEntry(key, signers: signers, trusted: trusted, among: Array(keys)) }
        guard !entryKeys.isEmpty else {
            let reason = "no DNSKEY of \(name) matches \(describe(entry, title))"
            return bogus(name, reason, chain, blame: asked)
        }
        let proof = RecordSetProof(zone: name, keys: Array(entryKeys), limits: limits, time: time)
        switch try proof.prove(records, by: answers.signatures(name, .dnskey), work: &question.work) {
        case .failed(let reason):
            return bogus(name, reason, chain, blame: asked)
        case .proved(let success):
            let tag = success.signature.keyTag
            let detail = "\(title) \(tag) \(success.signature.algorithm) matches key \(tag), which signs the DNSKEY set"
            let link = ValidationReport.Link(zone: name, status: .secure, detail: detail)
            let end = expiry(after: success.lifetime)
            return fact(name, .secure(Array(keys)), detail, chain + [link], until: min(end, bound ?? end))
        }
    }

    /// The DS records that count: of a known algorithm and digest, and none of SHA-1 beside a better one (RFC 4509 §3).
    private func usableSigners(_ signers: [DelegationSigner]) -> [DelegationSigner] {
        let known = signers.filter { limits.accepts($0.algorithm) && limits.accepts(digestOf: $0) }
        let strong = known.filter { $0.digestType != ValidationLimits.digestSHA1 }
        return Array((strong.isEmpty ? known : strong).prefix(Self.signersTried))
    }

    private func isEntry(
        _ key: ZoneKey, signers: [DelegationSigner], trusted: [ZoneKey], among keys: [ZoneKey]
    ) -> Bool {
        if trusted.contains(where: { $0.algorithm == key.algorithm && $0.publicKey == key.publicKey }) { return true }
        return signers.contains { signer in
            // Digests are cheap, but not when a thousand keys share one tag.
            guard signer.keyTag == key.tag, signer.algorithm == key.algorithm else { return false }
            let colliding = keys.filter { $0.tag == signer.keyTag && $0.algorithm == signer.algorithm }
            return colliding.prefix(limits.collidingKeys).contains(key) && signer.matches(key)
        }
    }

    private func describe(_ entry: TrustAnchor, _ title: String) -> String {
        let tags = entry.signers.map { "\($0.keyTag) \($0.algorithm)" } + entry.keys.map { "\($0.tag) \($0.algorithm)" }
        return title + " " + tags.prefix(limits.collidingKeys).joined(separator: ", ")
    }

    private func bogus(
        _ name: DNSName, _ reason: String, _ chain: [ValidationReport.Link], blame: DNSQuestion
    ) -> ZoneFact {
        let link = ValidationReport.Link(zone: name, status: .bogus, detail: reason)
        var fact = fact(name, .bogus, reason, chain + [link], until: faultExpiry)
        fact.blame = blame
        return fact
    }

    private func fact(
        _ name: DNSName, _ state: ZoneFact.State, _ reason: String, _ chain: [ValidationReport.Link],
        until expiry: Duration
    ) -> ZoneFact {
        ZoneFact(zone: name, state: state, reason: reason, chain: chain, expiry: expiry)
    }
}
