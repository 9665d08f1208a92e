internal import Configuration
internal import StreamFeatures
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
        guard case .text(let secret)? = configuration.federation(under: remote).dialbackSecret else {
            self = .unknown(
                reason: "the dialback secret in \(configuration.stateDirectory) cannot be read",
                fix: "check as the daemon's user, or set dialback_secret")
            return
        }
        self = .known(DialbackSecret(secret))
    }
}
