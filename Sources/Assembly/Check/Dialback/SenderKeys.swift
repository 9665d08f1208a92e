internal import Configuration
internal import StreamProtocol
internal import XMPPModel

/// The dialback keys of the domain on whose behalf a server is asked.
enum SenderKeys: Sendable {
    /// Those that our daemons know as their own.
    case known(any DialbackKeys)
    /// There are none, or they are not to be had here.
    case unknown(reason: String, fix: String)

    /// The keys of a domain.
    ///
    /// - Parameters:
    ///   - sender: The domain; nil for nobody.
    ///   - configuration: With all domains that the daemon hosts.
    ///   - remote: What it says of the remote domain alone.
    init(of sender: DomainName?, in configuration: Configuration, under remote: RemotePolicy?) {
        guard let sender else {
            self = .unknown(
                reason: "nobody asks", fix: "ask again with --from and a domain of yours, whose daemon is running")
            return
        }
        guard configuration.domains.contains(where: { $0.name == sender }) else {
            self = .unknown(
                reason: "\(sender) is no domain of this configuration, so that nobody would know its key",
                fix: "ask with --from and a domain of yours, and with the daemon's --config")
            return
        }
        do throws(ConfigurationErrors) {
            let secrets = try DialbackSecrets(configuration)
            let hasOwn = remote.map { secrets.ofRemotes[$0.scope] != nil } ?? false
            guard !secrets.isUnkept || hasOwn else {
                self = .unknown(
                    reason: "no daemon has made a dialback secret in \(configuration.stateDirectory) yet",
                    fix: "start the daemon of \(sender) first, or set dialback_secret as it stands on its nodes")
                return
            }
            self = .known(DialbackKeyring(secrets, remotes: configuration.remotes))
        } catch {
            let reasons = error.errors.map { "\($0.file) \($0.message)" }.joined(separator: "; ")
            self = .unknown(
                reason: "the dialback secret is not to be had: \(reasons)",
                fix: "check as the daemon's user, or see that it is there")
        }
    }
}
