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
    /// What has to agree besides; nil for nothing.
    public var condition: ProofCondition?

    /// Makes a policy.
    public init(
        isAllowed: Bool = true, level: Level = .authenticated, prooftypes: [any Prooftype],
        condition: ProofCondition? = nil
    ) {
        self.isAllowed = isAllowed
        self.level = level
        self.prooftypes = prooftypes
        self.condition = condition
    }
}
