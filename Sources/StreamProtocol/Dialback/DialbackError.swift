internal import DomainAssociation
internal import XMPPModel

/// What `type='error'` says (XEP-0220 §2.5): it concerns one pair, and the stream lives on.
public struct DialbackError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The conditions that XEP-0220 speaks of. `remote-connection-failed` is none of RFC 6120's stanza conditions, and stands
    /// among them all the same.
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        case itemNotFound = "item-not-found"
        case remoteConnectionFailed = "remote-connection-failed"
        case remoteServerNotFound = "remote-server-not-found"
        case remoteServerTimeout = "remote-server-timeout"
        case policyViolation = "policy-violation"
        case notAuthorized = "not-authorized"
        case forbidden
        case notAcceptable = "not-acceptable"
        case resourceConstraint = "resource-constraint"
        /// Whatever else a peer says (DB-23).
        case undefinedCondition = "undefined-condition"

        /// What the peer may do about it (RFC 6120 §8.3.2).
        fileprivate var kind: String {
            switch self {
            case .itemNotFound, .remoteServerNotFound, .forbidden, .notAcceptable, .undefinedCondition: "cancel"
            case .remoteConnectionFailed, .remoteServerTimeout, .resourceConstraint: "wait"
            case .policyViolation: "modify"
            case .notAuthorized: "auth"
            }
        }
    }

    /// The condition.
    public var condition: Condition
    /// What the peer says besides, cut short; for logs.
    public var text: String?

    /// Octets of a peer's text that are kept.
    private static let longestText = 200

    /// Makes an error.
    public init(_ condition: Condition, _ text: String? = nil) {
        self.condition = condition
        self.text = text
    }

    /// Reads what a peer says; what it does not say, or says in words unknown, is undefined.
    init(_ element: XMLElement) {
        let error = element.first(Namespace.server, "error")
        let said = error?.elements.first { $0.namespace == Namespace.stanzaErrors && $0.name != "text" }
        let known = said.flatMap { Condition(rawValue: $0.name) }
        condition = known ?? .undefinedCondition
        var words = error?.first(Namespace.stanzaErrors, "text")?.text
        if known == nil, let name = said?.name { words = [name, words].compactMap(\.self).joined(separator: ": ") }
        text = words.map { String(decoding: $0.utf8.prefix(Self.longestText), as: UTF8.self) }
    }

    /// The error that tells a peer of a refusal, without a word of our surroundings.
    init(_ refusal: DialbackRefusal) {
        switch refusal.reason {
        case .invalidKey: self.init(.forbidden)
        case .notAuthorized: self.init(.notAuthorized)
        case .policyViolation: self.init(.policyViolation)
        case .remoteServerNotFound: self.init(.remoteServerNotFound)
        case .remoteConnectionFailed: self.init(.remoteConnectionFailed)
        case .remoteServerTimeout: self.init(.remoteServerTimeout)
        case .resourceConstraint: self.init(.resourceConstraint)
        case .notAcceptable: self.init(.notAcceptable)
        }
    }

    /// The `<error/>` in a dialback element.
    var element: XMLElement {
        var children = [XMLElement(Namespace.stanzaErrors, condition.rawValue)]
        if let text { children.append(XMLElement(Namespace.stanzaErrors, "text", text: text)) }
        return XMLElement(Namespace.server, "error", attributes: ["type": condition.kind], children)
    }

    /// For logs: the condition and its text.
    public var description: String { text.map { "\(condition.rawValue) (\($0))" } ?? condition.rawValue }
}
