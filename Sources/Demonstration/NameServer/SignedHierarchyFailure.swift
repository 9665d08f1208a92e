public import DNSMessages

/// Why a hierarchy of zones cannot be made.
public enum SignedHierarchyFailure: Error, Hashable, Sendable {
    /// The text of a zone cannot be read.
    case text(zone: String, ZoneTextError)
    /// A zone cannot be signed.
    case signing(zone: DNSName, SigningFailure)
}
