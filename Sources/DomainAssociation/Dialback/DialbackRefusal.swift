/// Why a pair was not proved by dialback; the names are those of the conditions in XEP-0220 §2.5.
public struct DialbackRefusal: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of reason.
    public enum Reason: Hashable, Sendable {
        /// The key is a forgery (DB-16, DB-17).
        case invalidKey
        /// The policy asks for more than the server or its streams offer (DB-21).
        case notAuthorized
        /// TLS is asked for (DB-21).
        case policyViolation
        /// The authoritative server does not know the domain (DB-18).
        case remoteServerNotFound
        /// The authoritative server could not be reached (DB-19).
        case remoteConnectionFailed
        /// The authoritative server did not answer (DB-20).
        case remoteServerTimeout
        /// Too much is going on (DB-22).
        case resourceConstraint
        /// The identity cannot be established for another reason (DB-21).
        case notAcceptable
    }

    /// The kind of reason.
    public var reason: Reason
    /// What was the matter, for our operator; nothing of it goes to the peer.
    public var explanation: String

    /// Makes a refusal.
    public init(_ reason: Reason, _ explanation: String) {
        self.reason = reason
        self.explanation = explanation
    }

    /// The explanation.
    public var description: String { explanation }
}
