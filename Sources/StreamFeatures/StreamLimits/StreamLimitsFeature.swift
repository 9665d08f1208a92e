public import StreamProtocol
public import XMPPModel

/// What we take, announced, and what the peer takes, respected (XEP-0478).
public struct StreamLimitsFeature: StreamFeature {
    /// See ``StreamFeature/namespaces``.
    public let namespaces: Set<String> = [Namespace.streamLimits]
    /// See ``StreamFeature/stage``.
    public let stage = NegotiationStage.afterAuthentication

    private let beforeAuthentication: PeerLimits
    private let afterAuthentication: PeerLimits
    private var peerLimits = PeerLimits()

    /// Announces exactly what is enforced at each stage (LM-01).
    public init(beforeAuthentication: PeerLimits, afterAuthentication: PeerLimits) {
        self.beforeAuthentication = beforeAuthentication
        self.afterAuthentication = afterAuthentication
    }

    /// `<limits/>`, once TLS is up: before, nothing but STARTTLS is shown (TL-01).
    public func advertisement(on stream: StreamFacts) -> XMLElement? {
        guard stream.isEncrypted else { return nil }
        return Self.element(stream.hasAssociation ? afterAuthentication : beforeAuthentication)
    }

    /// The element that states limits; nil where there is none to state.
    static func element(_ limits: PeerLimits) -> XMLElement? {
        var children: [XMLElement] = []
        if let bytes = limits.maximumBytes {
            children.append(XMLElement(Namespace.streamLimits, "max-bytes", text: String(bytes)))
        }
        if let seconds = limits.idleSeconds {
            children.append(XMLElement(Namespace.streamLimits, "idle-seconds", text: String(seconds)))
        }
        return children.isEmpty ? nil : XMLElement(Namespace.streamLimits, "limits", children)
    }

    /// Reads the peer's announcement, which holds until the next one; what cannot be read counts as absent (LM-04).
    public mutating func handle(_ event: FeatureEvent, on stream: StreamFacts) -> [FeatureAction] {
        switch (event, stream.role) {
        case (.advertised(let element), .initiating) where stream.isEncrypted:
            let announced = element.map(Self.read) ?? PeerLimits()
            guard announced != peerLimits else { return [] }
            peerLimits = announced
            return [.adoptPeerLimits(announced)]
        case (.advertised, _): return []
        case (.received, _): return [.close(StreamError(.unsupportedStanzaType))]
        }
    }

    /// The limits that an element states.
    static func read(_ element: XMLElement) -> PeerLimits {
        func number(_ name: String) -> Int? {
            element.first(Namespace.streamLimits, name).flatMap { Int($0.text) }.flatMap { $0 > 0 ? $0 : nil }
        }
        return PeerLimits(maximumBytes: number("max-bytes"), idleSeconds: number("idle-seconds"))
    }
}
