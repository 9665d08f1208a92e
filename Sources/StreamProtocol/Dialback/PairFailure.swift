/// Why a further pair did not come about on a stream; the stream itself lives on, unless it says so elsewhere.
public enum PairFailure: Hashable, Sendable, CustomStringConvertible {
    /// This stream cannot carry it by the rules, and the peer was not asked: another one may (PS-02, PS-03).
    case needsOwnStream(reason: String)
    /// The peer refused it. On a stream of its own the pair may do better where ``mayUseOwnStream`` says so (DB-08, DB-22,
    /// PS-05).
    case refused(DialbackError, mayUseOwnStream: Bool)
    /// The peer says that our key is a forgery (DB-07).
    case invalidKey
    /// The peer did not answer in time (DB-06).
    case timedOut
    /// The peer was never asked: it had others to answer for too long (PA-01).
    case hadNoTurn
    /// The peer ended the stream instead of answering (DB-08).
    case streamEnded
    /// What became of the stream has nothing to do with the pair: it was over before the peer was asked, or we ended it, or
    /// what proved the target there is gone.
    case overtaken

    /// Whether a stream of its own is worth a try.
    public var mayUseOwnStream: Bool {
        switch self {
        case .needsOwnStream: true
        case .refused(_, let mayUseOwnStream): mayUseOwnStream
        case .streamEnded, .overtaken: true
        case .invalidKey, .timedOut: false
        // Thousands may be in line: a connection for each would make a slow peer slower.
        case .hadNoTurn: false
        }
    }

    /// For logs and bounces.
    public var description: String {
        switch self {
        case .needsOwnStream(let reason): reason
        case .refused(let error, _): "the peer refused the pair: \(error)"
        case .invalidKey: "the peer says that our dialback key is invalid"
        case .timedOut: "the peer did not answer the dialback request in time"
        case .hadNoTurn:
            "too many pairs were in line on the stream, and the peer could not be asked for this one in time"
        case .streamEnded: "the stream ended before the peer answered the dialback request"
        case .overtaken: "the stream was over before the peer could answer for the pair"
        }
    }
}
