public import DNSMessages

/// What an operator should know of a provisioning domain.
public enum ProvisioningNotice: Hashable, Sendable {
    /// These zones were learnt, and count until a moment in seconds since 1970.
    case learnt([DNSName], until: Int64)
    /// A zone of the domain is not among those that the operator allows.
    case notAllowed(DNSName)
    /// A zone, of the domain or in the operator's list, is the root or a top-level name: too much to give away.
    case tooHigh(DNSName)
    /// Nothing was learnt; when it is asked again, if it is.
    case failed(ProvisioningFailure, retry: Duration?)
    /// The zones learnt count no longer.
    case lapsed([DNSName])
}

extension ProvisioningNotice: CustomStringConvertible {
    /// One line for a log.
    public var description: String {
        switch self {
        case .learnt(let zones, let moment):
            "provisioning domain: learnt \(zones.isEmpty ? "no zones" : Self.list(zones)), until \(UTCText.describe(moment))"
        case .notAllowed(let zone): "provisioning domain: \(zone) is not in provisioning_zones, so it is not taken"
        case .tooHigh(let zone): "provisioning domain: \(zone) is the root or a top-level name, which is never taken"
        case .failed(let failure, let retry?):
            "provisioning domain: \(failure); asked again after \(retry.components.seconds) s"
        case .failed(let failure, nil): "provisioning domain: \(failure); not asked again before a reload"
        case .lapsed(let zones): "provisioning domain: \(Self.list(zones)) lapsed"
        }
    }

    private static func list(_ zones: [DNSName]) -> String { zones.map(\.description).joined(separator: ", ") }
}
