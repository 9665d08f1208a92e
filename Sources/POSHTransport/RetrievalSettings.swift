internal import DomainAssociation
internal import Prooftypes
public import XMPPModel

/// How POSH documents are retrieved.
public struct RetrievalSettings: Sendable {
    /// What holds for each source domain.
    public var rules: @Sendable (DomainName) -> RetrievalRules
    /// How long a whole retrieval may take, lookups, redirections and references included (PO-22).
    public var timeLimit = Duration.seconds(POSHRetrieval.mostSeconds)

    /// Makes settings with rules for each domain.
    public init(rules: @escaping @Sendable (DomainName) -> RetrievalRules) {
        self.rules = rules
    }

    /// Makes settings with the same rules for all.
    public init(_ rules: RetrievalRules = RetrievalRules()) {
        self.init { _ in rules }
    }
}
