public import StreamProtocol

/// What the features need to know of the configuration.
public struct StreamFeatureSettings: Hashable, Sendable {
    /// What we enforce on a peer that has not authenticated.
    public var limitsBeforeAuthentication: PeerLimits
    /// What we enforce on a peer that has.
    public var limitsAfterAuthentication: PeerLimits

    /// Whether dialback is announced; the streams have to be given what it needs as well.
    public var announcesDialback: Bool
    /// Whether stanzas in both directions are announced and asked for (XEP-0288).
    public var isBidirectional: Bool

    /// Makes settings.
    public init(
        limitsBeforeAuthentication: PeerLimits, limitsAfterAuthentication: PeerLimits, announcesDialback: Bool = false,
        isBidirectional: Bool = false
    ) {
        self.limitsBeforeAuthentication = limitsBeforeAuthentication
        self.limitsAfterAuthentication = limitsAfterAuthentication
        self.announcesDialback = announcesDialback
        self.isBidirectional = isBidirectional
    }
}
