internal import DNSMessages

/// How far the proof for one question has come: all that a run of it finds again when it is interrupted.
struct QuestionProgress: Sendable {
    /// How often a question of ours is asked when its answers do not hold; the second server may be honest.
    private static let attempts = 2

    /// The positive claims, aliases first.
    let positive: [ValidationTask.RecordSet]
    /// The claim of an absence.
    let denial: ValidationTask.Denial?
    /// Signatures are found here.
    let answers: MessageSection
    /// Denials of existence are found here.
    let authorities: MessageSection

    /// The expensive steps.
    var work: ProofWork
    /// What was fetched for it.
    var responses: [DNSQuestion: FetchedResponse] = [:]
    /// What it rests on. Kept apart from what the resolver keeps, so that a run never finds less than the run before.
    var zones: [DNSName: ZoneFact] = [:]
    var delegations: [DNSName: DelegationFact] = [:]
    /// Questions without which it cannot go on.
    var awaited: Set<DNSQuestion> = []
    private var discarded: [DNSQuestion: Int] = [:]

    init(_ task: ValidationTask, limits: ValidationLimits, keys: KeyShelf) {
        positive = task.positive
        denial = task.denial
        answers = MessageSection(task.answers)
        authorities = MessageSection(task.authorities)
        work = ProofWork(limits: limits, keys: keys)
    }

    /// Drops an answer that does not hold, so that it is fetched once more.
    ///
    /// - Returns: false when it has been fetched often enough.
    mutating func discard(_ question: DNSQuestion) -> Bool {
        guard responses[question] != nil, discarded[question, default: 0] + 1 < Self.attempts else { return false }
        discarded[question, default: 0] += 1
        responses[question] = nil
        return true
    }

    /// Drops what was proved of a name and those below it.
    mutating func forget(below name: DNSName) {
        zones = zones.filter { !$0.key.isAtOrBelow(name) }
        delegations = delegations.filter { !$0.key.isAtOrBelow(name) }
    }
}
