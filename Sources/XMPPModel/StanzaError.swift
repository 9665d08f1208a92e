/// A stanza error (RFC 6120 §8.3): for one stanza; the stream lives on.
public struct StanzaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the sender may do about it (RFC 6120 §8.3.2).
    public enum Kind: String, Hashable, Sendable {
        case auth, cancel, `continue`, modify, wait
    }

    /// The defined conditions (RFC 6120 §8.3.3).
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        case badRequest = "bad-request"
        case conflict
        case featureNotImplemented = "feature-not-implemented"
        case forbidden
        case gone
        case internalServerError = "internal-server-error"
        case itemNotFound = "item-not-found"
        case jidMalformed = "jid-malformed"
        case notAcceptable = "not-acceptable"
        case notAllowed = "not-allowed"
        case notAuthorized = "not-authorized"
        case policyViolation = "policy-violation"
        case recipientUnavailable = "recipient-unavailable"
        case redirect
        case registrationRequired = "registration-required"
        case remoteServerNotFound = "remote-server-not-found"
        case remoteServerTimeout = "remote-server-timeout"
        case resourceConstraint = "resource-constraint"
        case serviceUnavailable = "service-unavailable"
        case subscriptionRequired = "subscription-required"
        case undefinedCondition = "undefined-condition"
        case unexpectedRequest = "unexpected-request"
    }

    /// The condition.
    public var condition: Condition
    /// What the sender may do about it.
    public var kind: Kind
    /// Why, for the operator of the sender's domain.
    public var text: String?

    /// Makes an error.
    public init(_ condition: Condition, _ kind: Kind, _ text: String? = nil) {
        self.condition = condition
        self.kind = kind
        self.text = text
    }

    /// The `<error/>` element, serialised with the content namespace implicit.
    public var serialised: [UInt8] {
        var bytes = Array("<error type='\(kind.rawValue)'><\(condition.rawValue) xmlns='".utf8)
        bytes += Namespace.stanzaErrors.utf8
        bytes += "'/>".utf8
        if let text {
            bytes += "<text xmlns='\(Namespace.stanzaErrors)' xml:lang='en'>".utf8
            XMLText.append(text, to: &bytes)
            bytes += "</text>".utf8
        }
        bytes += "</error>".utf8
        return bytes
    }

    /// For logs: the condition and its text.
    public var description: String { text.map { "\(condition.rawValue) (\($0))" } ?? condition.rawValue }
}
