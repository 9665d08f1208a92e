internal import DNSMessages

/// Why a proof stops before it has an outcome.
enum ProofInterruption: Error, Hashable {
    /// These questions have to be answered first.
    case needs([DNSQuestion])
    /// The loop has its turn; what was worked out so far is remembered.
    case turnEnded
    /// The question has made as much work as one may.
    case exhausted(String)
}
