public import DomainAssociation
public import Prooftypes

/// What came of one retrieval, for logs and metrics.
public struct POSHReport: Hashable, Sendable {
    /// What was asked for.
    public let question: POSHQuestion
    /// What was found. Whoever asked may have been told something else, which was found before and still counts.
    public let keys: PublishedKeys
    /// How long it took.
    public let duration: Duration

    /// Makes a report.
    public init(_ question: POSHQuestion, _ keys: PublishedKeys, duration: Duration) {
        self.question = question
        self.keys = keys
        self.duration = duration
    }

    /// Whether nobody answered, or nobody who may be believed, or not with a document that can be used. A domain that
    /// publishes nothing is no failure.
    public var hasFailed: Bool {
        switch keys.content {
        case .material, .none: false
        case .unanswered, .invalid, .refused: true
        }
    }
}
