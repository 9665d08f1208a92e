public import DomainAssociation
public import XMPPModel

/// What a stream needs to prove domain pairs by dialback, and how much of it (XEP-0220).
public struct DialbackSettings: Sendable {
    /// Makes and knows the keys of our domains.
    public var keys: any DialbackKeys
    /// What dialback is worth for a remote domain.
    public var rules: @Sendable (DomainName) -> DialbackRules
    /// How many pairs a peer may have on one stream, those included that are being proved; nil for no limit (DB-22).
    public var pairsPerStream: Int?
    /// How many pairs of a stream are proved at the same time, once one is established.
    public var pendingPairs: Int
    /// How many of them before, when the peer is nobody yet (DO-06).
    public var pendingPairsBeforeProof: Int
    /// How many requests of a peer that is nobody yet may be refused, and how many keys it may have checked that are not ours,
    /// before its stream is closed.
    public var requestsBeforeProof: Int
    /// How many of our own requests wait for the peer's answer on one stream; further ones are sent in their turn.
    public var requestsAtOnce: Int
    /// How many pairs of ours wait on one stream for anything: until it is established, for a proof, or for the peer. Further
    /// ones need another stream.
    public var pairsWaiting: Int
    /// How long a pair of ours waits for its turn behind others, in parts of the time that an answer has
    /// (``StreamDeadline/dialbackParts``): after that nothing is left that would be sent for it.
    public var partsInLine: Int
    /// How many questions wait for the peer's answer on one stream.
    public var questionsAtOnce: Int
    /// How many of them about domains that the stream was not opened for.
    public var furtherQuestionsAtOnce: Int

    /// Makes settings.
    public init(
        keys: any DialbackKeys, rules: @escaping @Sendable (DomainName) -> DialbackRules, pairsPerStream: Int? = nil,
        pendingPairs: Int = 256, pendingPairsBeforeProof: Int = 16, requestsBeforeProof: Int = 1000,
        requestsAtOnce: Int = 64, pairsWaiting: Int = 20_000, partsInLine: Int = 4 * StreamDeadline.dialbackParts,
        questionsAtOnce: Int = 1000, furtherQuestionsAtOnce: Int = 500
    ) {
        self.keys = keys
        self.rules = rules
        self.pairsPerStream = pairsPerStream
        self.pendingPairs = pendingPairs
        self.pendingPairsBeforeProof = pendingPairsBeforeProof
        self.requestsBeforeProof = requestsBeforeProof
        self.requestsAtOnce = requestsAtOnce
        self.pairsWaiting = pairsWaiting
        self.partsInLine = partsInLine
        self.questionsAtOnce = questionsAtOnce
        self.furtherQuestionsAtOnce = furtherQuestionsAtOnce
    }
}
