internal import Configuration
internal import XMPPModel

/// What differs between two deployments, found out once and off the loops, so that no loop stands still for thousands of hosted
/// domains that stay as they are.
struct DeploymentChange: Sendable {
    /// Domains that are hosted from now on.
    let added: Set<DomainName>
    /// Domains that are hosted no more.
    let removed: Set<DomainName>
    /// Domains that are hosted under other settings.
    let changed: Set<DomainName>
    /// Domains behind which something else stands, or under another secret; removed ones too.
    let replacedServices: Set<DomainName>
    /// Whether every remote domain is certainly judged as before.
    let hasSamePolicies: Bool

    init(from former: Deployment, to present: Deployment) {
        var (added, changed, replaced): (Set<DomainName>, Set<DomainName>, Set<DomainName>) = ([], [], [])
        for (name, host) in present.hosts {
            guard let standing = former.hosts[name] else {
                added.insert(name)
                continue
            }
            if !standing.settings.hasSameSettings(as: host.settings) { changed.insert(name) }
            if standing.service != host.service { replaced.insert(name) }
        }
        let removed = Set(former.hosts.keys.filter { present.hosts[$0] == nil })
        (self.added, self.changed, self.removed) = (added, changed, removed)
        replacedServices = replaced.union(removed)
        let (before, after) = (former.configuration, present.configuration)
        hasSamePolicies =
            before.remotes.count == after.remotes.count
            && zip(before.remotes, after.remotes).allSatisfy { $0.hasSameSettings(as: $1) }
            && before.federation == after.federation && before.tls.trustAnchors == after.tls.trustAnchors
            && before.dns == after.dns
    }

    /// Whether no stream can be concerned but those with domains that are hosted from now on.
    var leavesStreams: Bool { removed.isEmpty && hasSamePolicies }
}
