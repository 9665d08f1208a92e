internal import XMPPModel

/// What is wrong with bytes, in the words of the rule that they break.
enum MarkupFault: Hashable {
    case malformed
    case misplacedDeclaration
    case wrongEncoding
    case wrongXMLVersion
    case commentOrDoctype
    case processingInstruction
    case entityReference
    case textAtFirstLevel
    case prefixedStanza
    case tooBig
    case headerTooBig
    case tagTooLong
    case nameTooLong
    case tooDeep
    case tooManyAttributes
    case tooManyNamespaces
    case headerTooMuchUsed
    case outOfMemory

    /// The error to send. Texts tell the peer's operator what to look for, and nothing of this side.
    var streamError: StreamError {
        switch self {
        case .malformed: StreamError(.notWellFormed)
        case .misplacedDeclaration: StreamError(.notWellFormed, "XML declaration inside the stream")
        case .wrongEncoding: StreamError(.unsupportedEncoding)
        case .wrongXMLVersion: StreamError(.unsupportedVersion, "XML 1.0 is required")
        case .commentOrDoctype: StreamError(.restrictedXML, "comment or document type")
        case .processingInstruction: StreamError(.restrictedXML, "processing instruction")
        case .entityReference: StreamError(.restrictedXML, "entity reference")
        case .textAtFirstLevel: StreamError(.invalidXML, "text between first-level elements")
        case .prefixedStanza: StreamError(.badNamespacePrefix)
        case .tooBig, .headerTooBig:
            StreamError(.policyViolation, application: XMLElement(Namespace.errors, "stanza-too-big"))
        case .tagTooLong: StreamError(.policyViolation, "tag too long")
        case .nameTooLong: StreamError(.policyViolation, "name too long")
        case .tooDeep: StreamError(.policyViolation, "elements too deep")
        case .tooManyAttributes: StreamError(.policyViolation, "too many attributes")
        case .tooManyNamespaces: StreamError(.policyViolation, "too many namespaces declared")
        case .headerTooMuchUsed: StreamError(.policyViolation, "namespaces of the stream header too long")
        case .outOfMemory: StreamError(.resourceConstraint)
        }
    }
}
