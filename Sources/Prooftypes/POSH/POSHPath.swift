public import DomainAssociation

/// Where a domain has its POSH document (PO-01, CC-04).
public enum POSHPath: Hashable, Sendable, CaseIterable {
    /// RFC 7711 §3.
    case rfc7711
    /// draft-miller-posh-02 §9: asked where the other has nothing.
    case draft

    /// The path for a service: that of another service says nothing.
    public func path(for service: ClaimedService) -> String {
        switch self {
        case .rfc7711: "/.well-known/posh/\(service.rawValue).json"
        case .draft: "/.well-known/posh._\(service.rawValue)._tcp.json"
        }
    }
}
