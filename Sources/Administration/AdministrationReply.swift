/// What the daemon answers to an ``AdministrationRequest``.
public enum AdministrationReply: Hashable, Sendable {
    /// To ``AdministrationRequest/status``.
    case status(StatusReply)
    /// To ``AdministrationRequest/streams``.
    case streams([StreamSummary])
    /// To ``AdministrationRequest/associations(domain:)``.
    case associations([AssociationSummary])
    /// To ``AdministrationRequest/tenants``.
    case tenants([TenantSummary])
    /// To ``AdministrationRequest/tenantsAdd(text:fileName:)`` and ``AdministrationRequest/tenantsRemove(name:)``.
    case tenantsChanged(TenantsChangeReply)
    /// To ``AdministrationRequest/keys(domain:)``.
    case keys([KnownKeySummary])
    /// To ``AdministrationRequest/keysForget(domain:)``.
    case keysForgotten(KeysForgottenReply)
    /// To ``AdministrationRequest/close(target:)``.
    case closed(CloseReply)
    /// To ``AdministrationRequest/ping(local:remote:)``.
    case pinged(PingReply)
    /// To ``AdministrationRequest/reload``.
    case reloaded(ReloadReply)
    /// To any request that could not be carried out; nothing was changed.
    case failed(AdministrationFailure)
}
