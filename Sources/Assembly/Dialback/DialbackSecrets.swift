internal import Configuration
internal import StreamFeatures
internal import TransportSecurity

/// The dialback secrets that a configuration amounts to.
struct DialbackSecrets: Sendable, Hashable {
    /// For every remote domain without one of its own.
    var standard: String
    /// Those of `[[remote]]`, for what is said to those domains.
    var ofRemotes: [RemotePolicy.Scope: String] = [:]
    /// Whether ``standard`` was made just now and is kept nowhere yet.
    var isUnkept = false
    /// What an operator should know although all of it can be used.
    var warnings: [String] = []

    /// Fewer octets can be guessed by who sees one key (XEP-0185 §2).
    private static let leastOctets = 16

    /// Finds out what a configuration says, and what its state directory holds where it says nothing; writes nothing.
    ///
    /// - Throws: Every fault, each with the file and the mend.
    init(_ configuration: Configuration) throws(ConfigurationErrors) {
        var errors: [ConfigurationError] = []
        let path = DialbackSecretFile.path(in: configuration.stateDirectory)
        func fault(_ file: String, _ message: String, _ mend: String) {
            errors.append(
                ConfigurationError(
                    file: file, line: nil, keyPath: Self.keyPath, message: message, mend: mend))
        }
        func text(_ source: SecretSource) -> String {
            switch source {
            case .text(let text): return text
            case .file(let file):
                do throws(WholeFile.Failure) {
                    return String(decoding: try WholeFile.read(file).prefix { $0 != 0x0A }, as: UTF8.self)
                } catch {
                    fault(file, error.reason, "make the file, readable by the daemon's user")
                    return ""
                }
            }
        }
        standard = ""
        if let source = configuration.federation.dialbackSecret {
            standard = text(source)
        } else {
            do throws(DialbackSecretFile.Damage) {
                if let kept = try DialbackSecretFile.load(path) {
                    standard = kept
                    if DialbackSecretFile.isExposed(path) {
                        warnings.append("\(path) can be read by others than the daemon's user (chmod 600)")
                    }
                } else if let made = DialbackSecret.random() {
                    standard = made
                    isUnkept = true
                } else {
                    fault(
                        path, "cannot be made: the random generator of the system is not ready",
                        "start again, or write what ligasectl dialback-key prints")
                }
            } catch {
                fault(error.path, error.reason, error.mend)
            }
        }
        for remote in configuration.remotes {
            guard let source = remote.overrides.dialbackSecret else { continue }
            ofRemotes[remote.scope] = text(source)
        }
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        if ([standard] + ofRemotes.values).contains(where: { $0.utf8.count < Self.leastOctets }) {
            warnings.append(
                "\(configuration.files.first ?? ""): \(Self.keyPath): is short, and who guesses it speaks for every hosted "
                    + "domain (write what ligasectl dialback-key prints)")
        }
    }

    private static let keyPath = "federation.dialback_secret"
}
