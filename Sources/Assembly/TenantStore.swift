internal import Configuration
internal import Glibc
internal import XMPPModel

/// Domains that were added while the daemon runs: one file in the state directory, so that they survive a restart.
struct TenantStore: Sendable {
    /// The file.
    let path: String

    init(stateDirectory: String) {
        path = stateDirectory + "/tenants.toml"
    }

    /// What was added; nothing when there is no file yet.
    ///
    /// - Throws: When the file is there and cannot be understood.
    func load() throws(ConfigurationErrors) -> TenantList? {
        let text: [UInt8]
        do throws(WholeFile.Failure) {
            text = try WholeFile.read(path)
        } catch {
            guard access(path, F_OK) == 0 else { return nil }
            throw ConfigurationErrors([
                ConfigurationError(
                    file: path, line: nil, keyPath: "", message: error.reason, mend: "let the daemon's user read it")
            ])
        }
        guard text.contains(where: { $0 > 0x20 }) else { return nil }
        return try Configuration.parseTenants(text: text, file: path, features: DeploymentAssembly.features)
    }

    /// Replaces the file as a whole.
    ///
    /// - Throws: ``WholeFile/WriteFailure`` in the words of the system.
    func save(_ domains: [HostedDomain]) throws(WholeFile.WriteFailure) {
        try WholeFile.replace(path, with: Array(TenantList.text(of: domains).utf8))
    }
}
