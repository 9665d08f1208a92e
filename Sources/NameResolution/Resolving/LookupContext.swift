internal import DNSMessages

/// What all lookups of a resolver have in common: whom there is to ask, and how they have fared.
struct LookupContext: Sendable {
    private(set) var plan: ResolutionPlan
    private(set) var zones: ZoneIndex
    /// When the time of the first learnt zone is over.
    private(set) var nextExpiry: Duration?
    var memory: ServerMemory
    var limits: LookupLimits

    init(plan: ResolutionPlan, limits: LookupLimits) {
        self.plan = plan
        self.limits = limits
        zones = ZoneIndex(plan.zones)
        nextExpiry = plan.zones.compactMap(\.expiry).min()
        memory = ServerMemory(of: plan.servers)
    }

    mutating func replacePlan(with plan: ResolutionPlan) {
        if plan.servers != self.plan.servers { memory.replace(with: plan.servers) }
        self.plan = plan
        zones = ZoneIndex(plan.zones)
        nextExpiry = plan.zones.compactMap(\.expiry).min()
    }

    /// How to ask the servers of a question's zone.
    func retrieval(
        of question: DNSQuestion, preferring server: Int? = nil, avoiding avoided: Set<Int> = [], allowance: Int? = nil,
        deadline: Duration,
        at now: Duration
    ) -> Retrieval {
        let zone = zones.zone(of: question.name) ?? ResolutionZone(name: .root, servers: [], validation: .off)
        let turns = ServerTurns(
            for: zone, among: plan.servers, memory: memory, rounds: limits.rounds, preferring: server,
            avoiding: avoided, at: now)
        return Retrieval(
            of: question, in: zone, turns: turns, allowance: allowance ?? limits.queries,
            limits: limits, deadline: deadline)
    }
}
