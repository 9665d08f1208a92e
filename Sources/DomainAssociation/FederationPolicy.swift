/// What must hold for a remote domain before stanzas pass (PT-05).
public struct FederationPolicy: Sendable {
    /// How strongly a remote domain has to be proved (XEP-0238, draft-saintandre-xmpp-dna-02 §2).
    public enum Level: String, Sendable, Comparable, CaseIterable {
        /// Dialback will do, in clear as well.
        case verified
        /// TLS, and dialback will do.
        case encrypted
        /// TLS, and a prooftype proves the domain.
        case authenticated

        /// Orders by strength.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .verified: 0
            case .encrypted: 1
            case .authenticated: 2
            }
        }
    }

    /// Whether stanzas are exchanged with the domain at all, in either direction.
    public var isAllowed: Bool
    /// The level that a proof has to reach.
    public var level: Level
    /// What proves, in the order in which reasons are reported.
    public var prooftypes: [any Prooftype]
    /// What has to agree besides, each of them; of two with one name the first counts.
    public var conditions: [ProofCondition]
    /// What is done about a key that the domain was not proved with before and that nothing explains.
    public var keyChange: KeyChange.Response

    /// Makes a policy.
    public init(
        isAllowed: Bool = true, level: Level = .authenticated, prooftypes: [any Prooftype],
        conditions: [ProofCondition] = [], keyChange: KeyChange.Response = .log
    ) {
        self.isAllowed = isAllowed
        self.level = level
        self.prooftypes = prooftypes
        self.conditions = conditions
        self.keyChange = keyChange
    }

    /// Whether a server of the domain is spoken to over TLS or not at all.
    ///
    /// Below ``Level/encrypted`` a server may know no TLS, but not one whose TLSA records DNSSEC vouches for, usable or not:
    /// who publishes keys speaks TLS, and who offers none is somebody else (RFC 7673 §3.4, DA-08, DA-09).
    ///
    /// - Parameter delegation: The way to the server; nil where the configuration names it.
    public func demandsTLS(of delegation: Delegation?) -> Bool {
        level > .verified || delegation?.tlsa?.records.isEmpty == false
    }
}
