public import XMPPModel

/// What a stream has to know of the daemon, and no more.
public struct StreamPolicy: Sendable {
    /// What we know of a domain that a peer addresses.
    public enum Host: Hashable, Sendable {
        /// We serve it.
        case hosted
        /// We served it once (`host-gone`).
        case former
        /// We do not know it.
        case unknown
    }

    /// What we know of a domain that a peer addresses.
    public var host: @Sendable (DomainName) -> Host
    /// Whether stanzas are exchanged with a remote domain at all (RT-14).
    public var isAllowed: @Sendable (DomainName) -> Bool
    /// Whether a certificate is at hand for one of our domains.
    public var hasCertificate: @Sendable (DomainName) -> Bool
    /// What dialback needs; nil where no pair is proved by it.
    public var dialback: DialbackSettings?

    /// Makes a policy.
    public init(
        host: @escaping @Sendable (DomainName) -> Host,
        isAllowed: @escaping @Sendable (DomainName) -> Bool = { _ in true },
        hasCertificate: @escaping @Sendable (DomainName) -> Bool = { _ in true }, dialback: DialbackSettings? = nil
    ) {
        self.host = host
        self.isAllowed = isAllowed
        self.hasCertificate = hasCertificate
        self.dialback = dialback
    }

    /// The language of our texts, sent as `xml:lang`.
    static let language = "en"
}
