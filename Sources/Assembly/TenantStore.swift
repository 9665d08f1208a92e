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

    /// Replaces the file as a whole, so that a crash leaves the old one or the new one.
    ///
    /// - Throws: ``SaveFailure`` in the words of the system.
    func save(_ domains: [HostedDomain]) throws(SaveFailure) {
        let text = Array(TenantList.text(of: domains).utf8)
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SaveFailure(path: fresh) }
        var written = 0
        while written < text.count {
            let count = text.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), text.count - written)
            }
            guard count > 0 || errno == EINTR else {
                let failure = SaveFailure(path: fresh)
                close(descriptor)
                throw failure
            }
            written += max(0, count)
        }
        fsync(descriptor)
        close(descriptor)
        guard rename(fresh, path) == 0 else { throw SaveFailure(path: path) }
    }

    /// Why the file could not be written.
    struct SaveFailure: Error, CustomStringConvertible {
        let path: String
        let code = errno

        var description: String { "\(path): \(String(cString: strerror(code)))" }
    }
}
