internal import DNSMessages

/// The denials of one zone in a response whose signatures hold.
struct ProvenDenials: Sendable {
    let plain: NextSecureDenial
    let hashed: HashedDenial
    /// How long they all hold; nil when there are none.
    let lifetime: Duration?
    /// The tags of the keys that signed them.
    let keyTags: Set<UInt16>
    /// Why one that was there does not count; nil when all do.
    let failure: String?
    let iterationLimit: Int

    /// Which keys signed, in words.
    var signers: String {
        (keyTags.count == 1 ? "key " : "keys ") + keyTags.sorted().map(String.init).joined(separator: ", ")
    }

    /// Whether a name, or its records of a type, are absent.
    func show(
        _ denial: ValidationTask.Denial, work: inout ProofWork
    ) throws(ProofInterruption) -> DenialFinding {
        var finding: DenialFinding = .unproved("there is no NSEC or NSEC3")
        if !plain.isEmpty {
            switch denial {
            case .noRecords(let question): finding = plain.noRecords(question)
            case .nameDoesNotExist(let name): finding = plain.nameDoesNotExist(name)
            }
        }
        guard case .unproved = finding, !hashed.isEmpty else { return finding }
        if let obstacle = hashed.obstacle(iterations: iterationLimit) { return obstacle }
        switch denial {
        case .noRecords(let question): return try hashed.noRecords(question, work: &work)
        case .nameDoesNotExist(let name): return try hashed.nameDoesNotExist(name, work: &work)
        }
    }

    /// Whether a wildcard was the closest match for a name.
    func showNoCloserMatch(
        _ name: DNSName, encloserLabels labels: Int, work: inout ProofWork
    ) throws(ProofInterruption) -> DenialFinding {
        var finding: DenialFinding = .unproved("no NSEC or NSEC3 shows that nothing is closer to \(name)")
        if !plain.isEmpty { finding = plain.noCloserMatch(name, encloserLabels: labels) }
        guard case .unproved = finding, !hashed.isEmpty else { return finding }
        if let obstacle = hashed.obstacle(iterations: iterationLimit) { return obstacle }
        return try hashed.noCloserMatch(name, encloserLabels: labels, work: &work)
    }

    /// How a name stands that has no DS records.
    func delegation(_ name: DNSName, work: inout ProofWork) throws(ProofInterruption) -> DelegationFinding {
        var finding: DelegationFinding = .unproved("there is no NSEC or NSEC3")
        if !plain.isEmpty { finding = plain.delegation(name) }
        guard case .unproved = finding, !hashed.isEmpty else { return finding }
        switch hashed.obstacle(iterations: iterationLimit) {
        case nil: return try hashed.delegation(name, work: &work)
        case .unproved(let reason): return .unproved(reason)
        case .unprotected(let reason), .proved(let reason): return .insecureDelegation(reason)
        }
    }
}
