internal import Configuration
internal import Diagnostics
internal import Logging

extension LoadedConfiguration {
    /// Keeps a dialback secret that was made while the configuration was read.
    ///
    /// - Parameter readAgain: Reads the configuration another time, for when another daemon with this directory was quicker:
    ///   its secret counts.
    /// - Throws: ``StateDirectory/Failure``, ``WholeFile/WriteFailure``, and what `readAgain` throws.
    func keepingDialbackSecret(_ log: Logger, orElse readAgain: () throws -> Self) throws -> Self {
        guard dialbackSecrets.isUnkept else { return self }
        try StateDirectory.make(configuration.stateDirectory)
        let path = DialbackSecretFile.path(in: configuration.stateDirectory)
        guard try DialbackSecretFile.keep(dialbackSecrets.standard, at: path) else { return try readAgain() }
        log.notice("a dialback secret was made", metadata: .facts([.file: path]))
        return self
    }
}
