internal import DNSMessages

/// Leads from the trust anchors to zones and their keys, for one question at a time (RFC 4035 §5).
///
/// A zone is reached by the names of signers, from the bottom up, so that only real zones are asked about. Where
/// signatures are missing the way leads down from the anchor, name by name, to the delegation that excuses them.
struct ChainOfTrust: Sendable {
    /// How long what does not hold is remembered.
    private static let memoryOfFaults: Duration = .seconds(5)

    let limits: ValidationLimits
    /// The keys that signatures were last checked with, of all questions.
    let keys = KeyShelf()
    private(set) var anchors: TrustAnchorSet
    /// The question at hand; exchanged from turn to turn.
    var question: QuestionProgress
    private(set) var time = ResolutionTime(elapsed: .zero, wallClock: 0)
    private var keptZones: KeptFacts<DNSName, ZoneFact>
    private var keptDelegations: KeptFacts<DNSName, DelegationFact>

    init(anchors: TrustAnchorSet, limits: ValidationLimits) {
        self.anchors = anchors
        self.limits = limits
        question = Self.noQuestion(limits, keys)
        keptZones = KeptFacts(capacity: limits.keptZones)
        keptDelegations = KeptFacts(capacity: limits.keptDelegations)
    }

    var zonesKept: Int { keptZones.count }

    /// Turns to a question, for at most so many signature checks.
    mutating func take(_ progress: QuestionProgress, at time: ResolutionTime, checks: Int) {
        question = progress
        question.work.checksLeftInTurn = checks
        self.time = time
    }

    /// Lets go of the question at hand.
    mutating func release() {
        question = Self.noQuestion(limits, keys)
    }

    mutating func replaceAnchors(_ anchors: TrustAnchorSet) {
        self.anchors = anchors
        keptZones.forgetAll()
        keptDelegations.forgetAll()
    }

    mutating func forget(below name: DNSName) {
        keptZones.forget { $0.isAtOrBelow(name) }
        keptDelegations.forget { $0.isAtOrBelow(name) }
    }

    /// What a zone is worth, with its keys.
    mutating func zone(_ name: DNSName) throws(ProofInterruption) -> ZoneFact {
        if let known = question.zones[name] { return known }
        if let kept = keptZones.fact(name, at: time.elapsed) {
            question.zones[name] = kept
            return kept
        }
        let fact = try findZone(name)
        if fact.state == .bogus, let blame = fact.blame, question.discard(blame) { throw .needs([blame]) }
        question.zones[name] = fact
        if fact.state != .indeterminate { keptZones.keep(fact, as: name, until: fact.expiry, at: time.elapsed) }
        return fact
    }

    /// What the parent's side says of a name below a trust anchor.
    mutating func delegation(_ name: DNSName) throws(ProofInterruption) -> DelegationFact {
        if let known = question.delegations[name] { return known }
        if let kept = keptDelegations.fact(name, at: time.elapsed) {
            question.delegations[name] = kept
            return kept
        }
        let fact = try findDelegation(name)
        if fact.state == .bogus, let blame = fact.blame, question.discard(blame) { throw .needs([blame]) }
        question.delegations[name] = fact
        if fact.state != .indeterminate { keptDelegations.keep(fact, as: name, until: fact.expiry, at: time.elapsed) }
        return fact
    }

    /// The closest zone that can have signed what belongs to a name; nil when none of the claimed signers can.
    ///
    /// The signer has to enclose the name and lie at or below the trust anchor, and no zone is known to begin between.
    mutating func signingZone(
        _ claimed: some Sequence<DNSName>, of name: DNSName, below anchor: DNSName
    ) throws(ProofInterruption) -> ZoneFact? {
        let signers = Set(claimed).filter { name.isAtOrBelow($0) && $0.isAtOrBelow(anchor) }
        for signer in signers.sorted(by: { $0.labelCount > $1.labelCount }) {
            let fact = try zone(signer)
            // No zone: anyone can write such a signature. And with a cut between it is not the signer's to sign.
            if fact.state != .noZone { return hasKnownCut(between: signer, and: name) ? nil : fact }
        }
        return nil
    }

    private func hasKnownCut(between zone: DNSName, and name: DNSName) -> Bool {
        var candidate: DNSName? = name
        while let here = candidate, here != zone {
            let known = question.delegations[here] ?? keptDelegations.fact(here, at: time.elapsed)
            if known?.isCut == true { return true }
            candidate = here.parent
        }
        return false
    }

    private static func noQuestion(_ limits: ValidationLimits, _ keys: KeyShelf) -> QuestionProgress {
        let nothing = ValidationTask(positive: [], denial: nil, answers: [], authorities: [])
        return QuestionProgress(nothing, limits: limits, keys: keys)
    }

    /// The answer to a question of ours.
    func response(to asked: DNSQuestion) throws(ProofInterruption) -> FetchedResponse {
        guard let response = question.responses[asked] else { throw .needs([asked]) }
        return response
    }

    /// When what holds so long from now on ends.
    func expiry(after lifetime: Duration) -> Duration { time.elapsed + lifetime }

    /// When a fault is forgotten.
    var faultExpiry: Duration { time.elapsed + Self.memoryOfFaults }
}
