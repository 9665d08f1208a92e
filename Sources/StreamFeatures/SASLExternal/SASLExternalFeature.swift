internal import DomainAssociation
public import StreamProtocol
internal import TransportSecurity
public import XMPPModel

/// Authentication by the certificate of the TLS handshake (SASL EXTERNAL: RFC 6120 §6, XEP-0178).
///
/// As receiving side it is offered only when it will succeed: the peer's domain is proved by then (SE-01, SE-02).
public struct SASLExternalFeature: StreamFeature {
    /// See ``StreamFeature/namespaces``.
    public let namespaces: Set<String> = [Namespace.sasl]
    /// See ``StreamFeature/stage``.
    public let stage = NegotiationStage.authentication

    private static let mechanism = "EXTERNAL"
    /// RFC 6120 §6.4.5: between two and five tries.
    private static let triesAllowed = 5

    /// RFC 6120 §6.5; whatever else a peer says counts as `not-authorized` (SE-11).
    private static let conditions: Set<String> = [
        "aborted", "account-disabled", "credentials-expired", "encryption-required", "incorrect-encoding",
        "invalid-authzid", "invalid-mechanism", "malformed-request", "mechanism-too-weak", "not-authorized",
        "temporary-auth-failure",
    ]

    private enum Exchange: Hashable, Sendable {
        case none
        /// A challenge is out, or our `<auth/>`.
        case awaitingAnswer
    }

    private var exchange = Exchange.none
    private var tries = 0
    private var challenges = 0

    /// A fresh feature.
    public init() {}

    /// `<mechanisms/>` with EXTERNAL, once the peer's domain is proved.
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        guard stream.isEncrypted, !stream.hasAssociation, stream.proven != nil else { return nil }
        let mechanism = XMLElement(Namespace.sasl, "mechanism", text: Self.mechanism)
        return XMLElement(Namespace.sasl, "mechanisms", [mechanism])
    }

    /// Authenticates us as initiating side, the peer as receiving side.
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised, .receiving): []
        case (.advertised(let mechanisms), .initiating): begin(mechanisms, stream)
        case (.received(let element), .initiating): takeAnswer(element, stream)
        case (.received(let element), .receiving): take(element, stream)
        }
    }

    // MARK: - Initiating

    private mutating func begin(_ mechanisms: XMLElement?, _ stream: StreamFacts) -> [FeatureAction] {
        guard stream.isEncrypted, !stream.hasAssociation, stream.presentedCertificate, let mechanisms,
            mechanisms.elements.contains(where: {
                $0.is(Namespace.sasl, "mechanism") && $0.text.uppercased() == Self.mechanism
            })
        else { return [] }
        exchange = .awaitingAnswer
        let auth = XMLElement(
            Namespace.sasl, "auth", attributes: ["mechanism": Self.mechanism], text: Self.authorizationIdentity(stream))
        return [.send(auth), .waitForPeer]
    }

    private mutating func takeAnswer(_ element: XMLElement, _ stream: StreamFacts) -> [FeatureAction] {
        guard exchange == .awaitingAnswer else { return [.close(StreamError(.unsupportedStanzaType))] }
        switch element.name {
        case "success":
            exchange = .none
            return [.authenticated(.external)]
        case "challenge":
            // Compatibility: Metre asks although the identity came with <auth/>.
            tries += 1
            guard tries < Self.triesAllowed else { return [.close(StreamError(.policyViolation))] }
            let response = XMLElement(Namespace.sasl, "response", text: Self.authorizationIdentity(stream))
            return [.send(response), .waitForPeer]
        case "failure":
            exchange = .none
            let condition = element.elements.first { Self.conditions.contains($0.name) }?.name ?? "not-authorized"
            let text = element.first(Namespace.sasl, "text")?.text
            return [.report(.authenticationRefused(condition: condition, text: text))]
        default:
            return [.close(StreamError(.unsupportedStanzaType))]
        }
    }

    /// Our domain, and nothing else (SE-04).
    private static func authorizationIdentity(_ stream: StreamFacts) -> String {
        Base64.encode(Array((stream.localDomain?.description ?? "").utf8))
    }

    // MARK: - Receiving

    private mutating func take(_ element: XMLElement, _ stream: StreamFacts) -> [FeatureAction] {
        guard stream.isEncrypted else { return fail("encryption-required") }
        guard !stream.hasAssociation else { return [.close(StreamError(.unsupportedStanzaType))] }
        switch element.name {
        case "auth":
            exchange = .none
            guard element["mechanism"] == Self.mechanism else { return fail("invalid-mechanism") }
            // Silence is no identity: the peer is asked (RFC 4422 appendix A.1, SE-08).
            if element.children.isEmpty {
                // Who has us ask without end, and reads nothing, would have us keep every challenge.
                challenges += 1
                guard challenges <= Self.triesAllowed else { return [tooManyTries] }
                exchange = .awaitingAnswer
                return [.send(XMLElement(Namespace.sasl, "challenge"))]
            }
            return decide(element, stream)
        case "response":
            guard exchange == .awaitingAnswer else { return fail("malformed-request") }
            exchange = .none
            return decide(element, stream)
        case "abort":
            exchange = .none
            return fail("aborted")
        default:
            return [.close(StreamError(.unsupportedStanzaType))]
        }
    }

    private mutating func decide(_ element: XMLElement, _ stream: StreamFacts) -> [FeatureAction] {
        guard element.elements.isEmpty else { return fail("malformed-request") }
        guard let decoded = Self.decode(element.text) else { return fail("incorrect-encoding") }
        guard stream.proven != nil, let claimed = stream.remoteDomain else { return fail("not-authorized") }
        if !decoded.isEmpty {
            guard let domain = try? DomainName(utf8: decoded), domain == claimed else { return fail("invalid-authzid") }
        }
        return [.send(XMLElement(Namespace.sasl, "success")), .authenticated(.external)]
    }

    /// The identity's bytes: none for `=`, and none for nothing, which only a `<response/>` may say (RFC 6120 §6.4.2).
    private static func decode(_ text: String) -> [UInt8]? {
        text == "=" || text.isEmpty ? [] : Base64.decode(text)
    }

    private mutating func fail(_ condition: String) -> [FeatureAction] {
        tries += 1
        let failure = XMLElement(Namespace.sasl, "failure", [XMLElement(Namespace.sasl, condition)])
        let actions: [FeatureAction] = [.report(.authenticationFailed(condition: condition)), .send(failure)]
        return tries < Self.triesAllowed ? actions : actions + [tooManyTries]
    }

    private var tooManyTries: FeatureAction {
        .close(StreamError(.policyViolation, "too many failed authentications"))
    }
}
