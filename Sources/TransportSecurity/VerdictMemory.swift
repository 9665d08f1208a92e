internal import XMPPModel

/// What came of validating chains at one moment: on one stream thousands of domains are claimed with the same certificate, and
/// each claim is judged for itself.
///
/// A verdict is found again by everything that it was made of: the chain octet by octet, the direction, how far the path goes
/// and the second at which all has to be valid. The authorities, the revocation lists and the rules are those of the store
/// that has the memory. So nothing is ever taken of it that validating once more would not find, and nothing outlives the
/// second.
struct VerdictMemory: Sendable {
    /// What a verdict was made of, but for the moment and the store.
    struct Question: Hashable, Sendable {
        let chain: [PeerCertificate]
        let direction: PeerDirection
        let reachesRoot: Bool

        func hash(into hasher: inout Hasher) {
            // Enough to tell chains apart quickly; equality looks at all of them.
            hasher.combine(chain.first?.sha256)
            hasher.combine(chain.count)
            hasher.combine(direction)
            hasher.combine(reachesRoot)
        }
    }

    /// Chains that are remembered at most: strangers present what they like.
    static let capacity = 64

    private var moment = Int64.min
    private var verdicts: [Question: ChainVerdict] = [:]

    /// How many are remembered.
    var count: Int { verdicts.count }

    /// What came of a question at a moment; nil when it was not asked.
    func verdict(on question: Question, at moment: Int64) -> ChainVerdict? {
        moment == self.moment ? verdicts[question] : nil
    }

    /// Remembers what came of a question; what is of another moment is forgotten.
    mutating func remember(_ verdict: ChainVerdict, on question: Question, at moment: Int64) {
        if moment != self.moment || verdicts.count >= Self.capacity { verdicts = [:] }
        self.moment = moment
        verdicts[question] = verdict
    }
}
