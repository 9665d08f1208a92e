internal import Administration
internal import Configuration
internal import Federation
internal import XMPPModel

/// Hosted domains that come and go while the daemon runs.
extension Daemon {
    func addTenants(_ text: String, from name: String) async -> AdministrationReply {
        do throws(ConfigurationErrors) {
            let list = try Configuration.parseTenants(
                text: Array(text.utf8), file: name, features: DeploymentAssembly.features)
            let configured = Dictionary(
                loaded.configuration.domains.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let added = Set(loaded.addedDomains.map(\.name))
            for domain in list.domains {
                guard let standing = configured[domain.name], !added.contains(domain.name) else { continue }
                return .failed(
                    AdministrationFailure(
                        "\(domain.name) stands in \(standing.position.file) already", exitCode: .configuration))
            }
            let names = Set(list.domains.map(\.name))
            let kept = loaded.addedDomains.filter { !names.contains($0.name) }
            return await change(to: kept + list.domains, renewing: names)
        } catch {
            return .failed(
                AdministrationFailure(
                    "nothing was added", details: error.errors.map(\.description), exitCode: .configuration))
        }
    }

    func removeTenant(_ name: DomainName) async -> AdministrationReply {
        guard let host = loaded.deployment.hosts[name] else {
            return .failed(AdministrationFailure("\(name) is not hosted", exitCode: .noHost))
        }
        guard loaded.addedDomains.contains(where: { $0.name == name }) else {
            return .failed(
                AdministrationFailure(
                    "\(name) stands in \(host.settings.position.file); remove it there and reload",
                    exitCode: .configuration))
        }
        return await change(to: loaded.addedDomains.filter { $0.name != name }, renewing: [name])
    }

    /// Puts another list of added domains in force: on disk first, so that what was promised survives a crash.
    ///
    /// - Parameter names: Domains whose files are read even where their settings are what they were; those of the others
    ///   are read again by a reload alone, so that one domain more does not cost what thousands do.
    private func change(to domains: [HostedDomain], renewing names: Set<DomainName>) async -> AdministrationReply {
        do {
            let text = Array(TenantList.text(of: domains).utf8)
            let list =
                domains.isEmpty
                ? nil
                : try Configuration.parseTenants(text: text, file: store.path, features: DeploymentAssembly.features)
            var base = loaded.configuration
            let added = Set(loaded.addedDomains.map(\.name))
            base.domains.removeAll { added.contains($0.name) }
            base.referencedFiles.removeAll { $0.domain.map(added.contains) ?? false }
            let fresh = try LoadedConfiguration(
                base, adding: list, prooftypes: loaded.prooftypes, after: loaded,
                reusing: loaded.deployment.hosts.filter { !names.contains($0.key) })
            try store.save(domains)
            guard case .reloaded(let reply) = await adopt(fresh) else {
                return .failed(AdministrationFailure("the change was not adopted", exitCode: .software))
            }
            return .tenantsChanged(
                TenantsChangeReply(added: reply.added, changed: reply.changed, removed: reply.removed))
        } catch let errors as ConfigurationErrors {
            return .failed(
                AdministrationFailure(
                    "nothing was changed", details: errors.errors.map(\.description), exitCode: .configuration))
        } catch {
            return .failed(AdministrationFailure("nothing was changed: \(error)", exitCode: .cannotCreate))
        }
    }
}
