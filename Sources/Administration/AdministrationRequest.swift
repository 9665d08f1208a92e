public import XMPPModel

/// What `ligasectl` asks of a running daemon.
public enum AdministrationRequest: Hashable, Sendable {
    /// Version, uptime, listeners and counts; answered by ``AdministrationReply/status(_:)``.
    case status
    /// Every S2S stream and component; answered by ``AdministrationReply/streams(_:)``.
    case streams
    /// Every domain pair, or those that `domain` is one side of; answered by ``AdministrationReply/associations(_:)``.
    case associations(domain: DomainName?)
    /// The hosted domains; answered by ``AdministrationReply/tenants(_:)``.
    case tenants
    /// Hosts the `[[domain]]` tables of a TOML document; answered by ``AdministrationReply/tenantsChanged(_:)``.
    ///
    /// `fileName` is the absolute path it was read from: for error messages, and as the base of relative paths in it.
    case tenantsAdd(text: String, fileName: String)
    /// Stops hosting a domain; answered by ``AdministrationReply/tenantsChanged(_:)``.
    case tenantsRemove(name: DomainName)
    /// The keys that remote domains were proved with, or those of one; answered by ``AdministrationReply/keys(_:)``.
    case keys(domain: DomainName?)
    /// Forgets the keys of a remote domain; answered by ``AdministrationReply/keysForgotten(_:)``.
    case keysForget(domain: DomainName)
    /// Closes streams gracefully; answered by ``AdministrationReply/closed(_:)``.
    case close(target: CloseTarget)
    /// XEP-0199 ping over S2S; answered by ``AdministrationReply/pinged(_:)``.
    case ping(local: DomainName, remote: DomainName)
    /// Reads the configuration and certificates again; answered by ``AdministrationReply/reloaded(_:)``.
    case reload
}
