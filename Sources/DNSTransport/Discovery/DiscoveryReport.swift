public import NameResolution

/// What an operator should know of what was found out.
public enum DiscoveryReport: Hashable, Sendable {
    /// What a configured server, by its name, designates: what is used in its place, and what is not, with the reasons.
    case designation(server: String, used: [DesignatedResolver], refused: [DesignationRefusal])
    /// Of a provisioning domain.
    case provisioning(ProvisioningNotice)
    /// Of a trust anchor.
    case trustAnchor(RolloverNotice)
}

extension DiscoveryReport: CustomStringConvertible {
    /// One line for a log.
    public var description: String {
        switch self {
        case .designation(let server, [], [.noneDesignated]):
            return "\(server): designates no encrypted resolver, and is asked as configured"
        case .designation(let server, let used, let refused):
            let names = used.map { "\($0.endpoint)\($0.proof == .verified ? "" : ", not authenticated")" }
            let reasons = refused.map(\.description)
            return "\(server): " + (names.isEmpty ? "no designated resolver is used" : names.joined(separator: "; "))
                + (reasons.isEmpty ? "" : " (refused: \(reasons.joined(separator: "; ")))")
        case .provisioning(let notice): return notice.description
        case .trustAnchor(let notice): return notice.description
        }
    }
}
