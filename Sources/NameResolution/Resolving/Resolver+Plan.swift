internal import DNSMessages

/// What happens when the plan changes, or a learnt part of it has had its time.
extension Resolver {
    mutating func replacePlan(with plan: ResolutionPlan, _ turn: inout Turn) {
        let old = context.plan
        context.replacePlan(with: plan)
        let changed = Self.changedZones(from: old, to: plan)
        guard !changed.isEmpty || old.servers != plan.servers || old.anchors != plan.anchors else { return }
        if old.anchors == plan.anchors {
            // Other servers may have another view of the same names; what is proved elsewhere in the tree stays.
            for zone in changed {
                cache.forget(below: zone)
                validator.forget(below: zone)
            }
        } else {
            cache.removeAll()
            validator.replaceAnchors(plan.anchors)
        }
        askAnew(&turn)
    }

    /// Takes other limits; if it is those of validation that change, everything is proved anew.
    mutating func replaceLimits(
        _ limits: ResolverLimits, _ validation: ValidationLimits, _ turn: inout Turn
    ) {
        self.limits = limits
        context.limits = limits.lookup
        guard validation != self.validation else { return }
        self.validation = validation
        cache.removeAll()
        validator = Validator(anchors: context.plan.anchors, limits: validation)
        askAnew(&turn)
    }

    /// Gives up what is under way, and begins it again for those who wait.
    private mutating func askAnew(_ turn: inout Turn) {
        cancelAttempts(&turn)
        for (number, pending) in lookups.sorted(by: { $0.key < $1.key }) {
            if pending.tickets.isEmpty {
                lookups[number] = nil
                lookupNumbers[pending.lookup.question] = nil
            } else {
                turn.steps.append(.restart(number))
            }
        }
    }

    /// Ends learnt zones whose time is over: with them go their rules, their answers and their keys (EN-07).
    mutating func dropLapsedZones(_ turn: inout Turn) {
        guard let end = context.nextExpiry, end <= turn.now else { return }
        let now = turn.now
        var plan = context.plan
        let lapsed = plan.zones.filter { $0.hasLapsed(at: now) }
        plan.zones.removeAll { $0.hasLapsed(at: now) }
        replacePlan(with: plan, &turn)
        turn.actions += lapsed.map { .report(.zoneLapsed($0.name)) }
    }

    /// The zones that one plan has and the other has not, or not with the same servers.
    private static func changedZones(from old: ResolutionPlan, to new: ResolutionPlan) -> [DNSName] {
        let before = Set(old.zones.map { ZoneRule($0, in: old) })
        let after = Set(new.zones.map { ZoneRule($0, in: new) })
        return Set(before.symmetricDifference(after).map(\.name)).sorted()
    }

    /// What a zone means, wherever its servers stand in a list.
    private struct ZoneRule: Hashable {
        let name: DNSName
        let servers: [UpstreamServer]
        let validation: ResolutionZone.Validation

        init(_ zone: ResolutionZone, in plan: ResolutionPlan) {
            name = zone.name
            servers = zone.servers.compactMap { plan.servers.indices.contains($0) ? plan.servers[$0] : nil }
            validation = zone.validation
        }
    }
}

extension ResolutionZone {
    func hasLapsed(at now: Duration) -> Bool { expiry.map { $0 <= now } ?? false }
}
