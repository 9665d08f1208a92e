/// When a feature has its turn; features of an earlier stage go first (XEP-0170).
public enum NegotiationStage: Int, Hashable, Sendable, Comparable {
    /// The stream is made confidential.
    case encryption
    /// Whatever has to be known before anybody is authenticated.
    case beforeAuthentication
    /// The peer's domain, or ours, is authenticated.
    case authentication
    /// Whatever proves a domain where authentication did not.
    case dialback
    /// Whatever concerns the stream once stanzas may flow.
    case afterAuthentication

    /// Orders by time.
    public static func < (left: NegotiationStage, right: NegotiationStage) -> Bool { left.rawValue < right.rawValue }
}
