internal import XMPPModel

/// Collects `[[domain]]` and `[[remote]]` from any number of files, each name once.
struct TenantTables {
    private(set) var domains: [HostedDomain] = []
    private(set) var remotes: [RemotePolicy] = []
    private var placeOfDomain: [DomainName: SourcePosition] = [:]
    private var placeOfRemote: [RemotePolicy.Scope: SourcePosition] = [:]

    mutating func readDomains(of root: TableReader) {
        for table in root.tables("domain") {
            guard let domain = HostedDomain(reading: table) else { continue }
            if let place = placeOfDomain[domain.name] {
                table.error("name", "\(domain.name) is hosted at \(place) already", mend: "remove one of the two")
                continue
            }
            placeOfDomain[domain.name] = domain.position
            domains.append(domain)
        }
    }

    mutating func readRemotes(
        of root: TableReader, over base: FederationSettings, validation: DNSSettings.Validation
    ) {
        for table in root.tables("remote") {
            guard let remote = RemotePolicy(reading: table, over: base, validation: validation) else { continue }
            if let place = placeOfRemote[remote.scope] {
                table.error("name", "\(remote.scope) has a policy at \(place) already", mend: "remove one of the two")
                continue
            }
            placeOfRemote[remote.scope] = remote.position
            remotes.append(remote)
        }
    }
}
