/// The certificates that a chain may end at.
public enum TrustAnchors: Sendable, Hashable {
    /// The host's own store of authorities.
    case system
    /// The PEM file at this path.
    case file(String)
}
