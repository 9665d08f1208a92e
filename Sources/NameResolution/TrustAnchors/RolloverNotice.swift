public import DNSMessages

/// What an operator should know of the keys that trust begins with.
public enum RolloverNotice: Hashable, Sendable {
    /// A new key is in the zone; it will be trusted from a moment on, in seconds since 1970, if it stays.
    case keyPending(ZoneKey, trustedFrom: Int64)
    /// A new key went before it was trusted, or all that had vouched for it are revoked.
    case keyWithdrawn(ZoneKey)
    /// A new key is trusted from now on.
    case keyTrusted(ZoneKey)
    /// A trusted key left the zone without being revoked; it stays trusted.
    case keyMissing(ZoneKey)
    /// A trusted key revoked itself.
    case keyRevoked(ZoneKey)
    /// No trusted key signed the set that the servers gave; nothing of it was used.
    case notValidated(DNSName)
    /// The servers gave no key set; asked again later.
    case queryFailed(DNSName)
    /// All keys of the zone are revoked: it counts as one that was never configured (RFC 5011 §5).
    case trustPointDeleted(DNSName)
    /// What was kept could not be used, so that the configured keys are the start again.
    case savedStateUnusable(DNSName, SavedStateFailure)
}

/// Why kept state of a trust point is not used.
public enum SavedStateFailure: Error, Hashable, Sendable {
    /// The operator changed the configured keys.
    case configurationChanged
    /// The text is damaged; the number of the line, from 1.
    case malformed(line: Int)
}

extension RolloverNotice: CustomStringConvertible {
    /// One line for a log.
    public var description: String {
        switch self {
        case .keyPending(let key, let moment):
            "trust anchor of \(key.owner): new key \(key.label), trusted from \(moment) on if it stays"
        case .keyWithdrawn(let key): "trust anchor of \(key.owner): new key \(key.label) went before it was trusted"
        case .keyTrusted(let key): "trust anchor of \(key.owner): key \(key.label) is trusted from now on"
        case .keyMissing(let key):
            "trust anchor of \(key.owner): key \(key.label) left the zone without being revoked; it stays trusted"
        case .keyRevoked(let key): "trust anchor of \(key.owner): key \(key.label) is revoked"
        case .notValidated(let zone):
            "trust anchor of \(zone): no trusted key signed the keys that the servers gave; "
                + "if this lasts, replace the configured trust anchor"
        case .queryFailed(let zone): "trust anchor of \(zone): the servers gave no signed keys"
        case .trustPointDeleted(let zone): "trust anchor of \(zone): all keys are revoked; configure new ones"
        case .savedStateUnusable(let zone, .configurationChanged):
            "trust anchor of \(zone): the configured keys changed; what was learnt since is dropped"
        case .savedStateUnusable(let zone, .malformed(let line)):
            "trust anchor of \(zone): the kept state is damaged in line \(line); starting from the configured keys"
        }
    }
}
