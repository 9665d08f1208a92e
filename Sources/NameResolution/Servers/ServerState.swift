public import DNSMessages

/// How one name server has fared so far: for operators (EN-12).
public struct ServerState: Hashable, Sendable {
    /// What the last attempt came to.
    public enum Outcome: Hashable, Sendable {
        /// Nothing was asked yet.
        case none
        /// A response came.
        case answered
        /// Nothing came in time.
        case timedOut
        /// The attempt failed.
        case failed(QueryFailure)
    }

    /// The server as the configuration names it.
    public let name: String
    /// What it speaks.
    public let channel: UpstreamServer.Channel
    /// What it has to prove; meaningless in clear.
    public let profile: UpstreamServer.Profile
    /// What the last attempt came to.
    public internal(set) var lastOutcome: Outcome = .none
    /// Whether it proved who it is with its last answer; nil before the first.
    public internal(set) var isAuthenticated: Bool?
    /// What DNSSEC says of its last answer that was judged; nil while none was, as without validation.
    public internal(set) var lastSecurity: SecurityStatus?
    /// Responses so far.
    public internal(set) var answers = 0
    /// Attempts so far that came to no response.
    public internal(set) var failures = 0
    /// When the last attempt ended, on the clock of ``ResolutionTime/elapsed``; nil before the first.
    public internal(set) var lastUsed: Duration?
    /// Until when it is asked after all others, on the same clock (DT-04); nil when it is in its place.
    public internal(set) var postponedUntil: Duration?

    /// Makes the state of a server that was never asked.
    public init(of server: UpstreamServer) {
        name = server.name
        channel = server.channel
        profile = server.profile
    }
}
