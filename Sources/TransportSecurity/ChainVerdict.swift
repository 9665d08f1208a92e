public import XMPPModel

/// What path validation (RFC 5280 §6) found. It says nothing of names: whose certificate it is, others decide.
public enum ChainVerdict: Hashable, Sendable {
    /// A path leads to a configured authority.
    case trusted(TrustedPath)
    /// No path does; the first rule that was broken.
    case untrusted(ChainFault)

    /// A path that passed every rule.
    public struct TrustedPath: Hashable, Sendable {
        /// The certificates along the path, the leaf first and the authority last.
        public let certificates: [PeerCertificate]
        /// When the first certificate of the path expires, in seconds since 1970 (RFC 6120 §13.7.2.3).
        public let expires: Int64
        /// Kinds of name that must not be used as an identity: an authority on the path is constrained for dNSName, and
        /// not for these (RFC 9525 §7.6).
        public let unusableNames: Set<PeerCertificate.NameKind>
        /// Issuers whose revocation list was past its next update and was used all the same.
        public let staleRevocationLists: [String]

        /// Collects the facts of a path.
        public init(
            certificates: [PeerCertificate], expires: Int64, unusableNames: Set<PeerCertificate.NameKind> = [],
            staleRevocationLists: [String] = []
        ) {
            self.certificates = certificates
            self.expires = expires
            self.unusableNames = unusableNames
            self.staleRevocationLists = staleRevocationLists
        }

        /// The subjects along the path, the leaf first and the authority last (RFC 2253).
        public var subjects: [String] { certificates.map(\.subject) }

        /// The subject of the configured authority at the end of the path.
        public var root: String { certificates.last?.subject ?? "" }
    }
}
