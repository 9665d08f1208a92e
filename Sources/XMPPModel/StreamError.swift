/// A stream error (RFC 6120 §4.9): final, for the whole stream.
public struct StreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The 25 defined conditions (RFC 6120 §4.9.3).
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        case badFormat = "bad-format"
        case badNamespacePrefix = "bad-namespace-prefix"
        case conflict
        case connectionTimeout = "connection-timeout"
        case hostGone = "host-gone"
        case hostUnknown = "host-unknown"
        case improperAddressing = "improper-addressing"
        case internalServerError = "internal-server-error"
        case invalidFrom = "invalid-from"
        case invalidNamespace = "invalid-namespace"
        case invalidXML = "invalid-xml"
        case notAuthorized = "not-authorized"
        case notWellFormed = "not-well-formed"
        case policyViolation = "policy-violation"
        case remoteConnectionFailed = "remote-connection-failed"
        case reset
        case resourceConstraint = "resource-constraint"
        case restrictedXML = "restricted-xml"
        case seeOtherHost = "see-other-host"
        case systemShutdown = "system-shutdown"
        case undefinedCondition = "undefined-condition"
        case unsupportedEncoding = "unsupported-encoding"
        case unsupportedFeature = "unsupported-feature"
        case unsupportedStanzaType = "unsupported-stanza-type"
        case unsupportedVersion = "unsupported-version"

        /// Names of RFC 3920 that are understood and never sent (XS-28).
        static let former: [String: Condition] = ["xml-not-well-formed": .notWellFormed, "invalid-id": .invalidFrom]
    }

    /// The condition.
    public var condition: Condition
    /// A text for the peer's operator; never drives logic and carries no local detail.
    public var text: String?
    /// An application-specific condition beside the defined one.
    public var application: XMLElement?
    /// What `<see-other-host/>` names, as received; nil otherwise.
    public var otherHost: String?

    /// Makes an error.
    public init(_ condition: Condition, _ text: String? = nil, application: XMLElement? = nil) {
        self.condition = condition
        self.text = text
        self.application = application
        otherHost = nil
    }

    /// Reads the `<stream:error/>` of a peer. An unknown condition counts as ``Condition/undefinedCondition`` (XS-12).
    public init(_ element: XMLElement) {
        condition = .undefinedCondition
        text = element.first(Namespace.streamErrors, "text")?.text
        application = element.elements.first { $0.namespace != Namespace.streamErrors }
        otherHost = nil
        for child in element.elements where child.namespace == Namespace.streamErrors && child.name != "text" {
            guard let known = Condition(rawValue: child.name) ?? Condition.former[child.name] else { continue }
            condition = known
            if known == .seeOtherHost { otherHost = child.text }
            break
        }
    }

    /// The element to send.
    public var element: XMLElement {
        var children = [XMLElement(Namespace.streamErrors, condition.rawValue)]
        if let text { children.append(XMLElement(Namespace.streamErrors, "text", text: text)) }
        if let application { children.append(application) }
        return XMLElement(Namespace.stream, "error", children)
    }

    /// For logs: the condition and its text.
    public var description: String { text.map { "\(condition.rawValue) (\($0))" } ?? condition.rawValue }
}
