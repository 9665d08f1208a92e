/// A plan as the configuration has it, and what was discovered since: together the plan that counts.
public struct DiscoveredPlan: Hashable, Sendable {
    /// What the configuration says.
    public let configured: ResolutionPlan
    /// The resolvers that may take the place of a configured server, by its index; they are for no other (DD-04).
    public var designated: [Int: [DesignatedResolver]] = [:]
    /// The zones that a provisioning domain has, their servers as indices into the configured plan.
    public var zones: [ResolutionZone] = []

    /// Makes a plan of which nothing was discovered.
    public init(_ configured: ResolutionPlan) {
        self.configured = configured
    }

    /// The resolvers whose servers stand behind the configured ones in ``plan(appending:)``, in that order.
    public var appended: [DesignatedResolver] {
        designated.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// The configured server in whose place each of ``appended`` is.
    public var designators: [Int] {
        designated.sorted { $0.key < $1.key }.flatMap { entry in entry.value.map { _ in entry.key } }
    }

    /// The plan that counts.
    ///
    /// A server asked in clear that designates others is asked no more; an encrypted one comes after those that it
    /// designates. A zone of the configuration is not changed by one learnt.
    ///
    /// - Parameter servers: Those of ``appended``.
    public func plan(appending servers: [UpstreamServer]) -> ResolutionPlan {
        var plan = configured
        plan.servers += servers
        var places: [Int: [Int]] = [:]
        for (place, designator) in designators.enumerated() {
            places[designator, default: []].append(configured.servers.count + place)
        }
        let known = Set(configured.zones.map(\.name))
        plan.zones += zones.filter { !known.contains($0.name) }
        for index in plan.zones.indices {
            plan.zones[index].servers = plan.zones[index].servers.flatMap { server in
                replacements(of: server, by: places[server] ?? [])
            }
        }
        return plan
    }

    private func replacements(of server: Int, by others: [Int]) -> [Int] {
        guard !others.isEmpty, configured.servers.indices.contains(server) else { return [server] }
        return configured.servers[server].channel == .cleartext ? others : others + [server]
    }
}
