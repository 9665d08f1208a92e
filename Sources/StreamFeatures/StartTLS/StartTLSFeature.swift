public import StreamProtocol
public import XMPPModel

/// TLS on a stream that began in clear (RFC 6120 §5). Required unless the policy for the peer does without: nothing else is
/// offered before it then (TL-01, TP-07).
public struct StartTLSFeature: StreamFeature {
    /// See ``StreamFeature/namespaces``.
    public let namespaces: Set<String> = [Namespace.startTLS]
    /// See ``StreamFeature/stage``.
    public let stage = NegotiationStage.encryption

    private var isAsked = false

    /// A fresh feature.
    public init() {}

    /// `<starttls/>`, while there is no TLS and a certificate to start it with; with `<required/>` where TLS is.
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        guard !stream.isEncrypted, stream.canEncrypt else { return nil }
        let required = stream.isTLSMandatory ? [XMLElement(Namespace.startTLS, "required")] : []
        return XMLElement(Namespace.startTLS, "starttls", required)
    }

    /// Asks for TLS as initiating side, grants it as receiving side.
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised, .receiving): return []
        case (.advertised(let offer), .initiating):
            guard !stream.isEncrypted, offer != nil || stream.asksForTLS || stream.isTLSMandatory else { return [] }
            // A missing offer may be an attacker's work; asking costs nothing, going on in clear would (TL-07).
            isAsked = true
            return [.send(XMLElement(Namespace.startTLS, "starttls")), .waitForPeer]
        case (.received(let element), .initiating):
            guard isAsked else { return [.close(StreamError(.unsupportedStanzaType))] }
            isAsked = false
            guard element.name == "proceed" else {
                return [.giveUp(reason: "the peer refuses STARTTLS, and nothing is sent in clear")]
            }
            return [.startTLS]
        case (.received(let element), .receiving):
            let isCommand = element.name == "starttls" && element.elements.isEmpty
            // What was proved in clear would count for nothing behind it (TL-05).
            guard isCommand, !stream.isEncrypted, stream.canEncrypt, !stream.hasAssociation else {
                return [.send(XMLElement(Namespace.startTLS, "failure")), .close(nil)]
            }
            return [.send(XMLElement(Namespace.startTLS, "proceed")), .startTLS]
        }
    }
}
