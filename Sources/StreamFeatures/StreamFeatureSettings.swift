public import StreamProtocol

/// What the features need to know of the configuration.
public struct StreamFeatureSettings: Hashable, Sendable {
    /// What we enforce on a peer that has not authenticated.
    public var limitsBeforeAuthentication: PeerLimits
    /// What we enforce on a peer that has.
    public var limitsAfterAuthentication: PeerLimits

    /// Makes settings.
    public init(limitsBeforeAuthentication: PeerLimits, limitsAfterAuthentication: PeerLimits) {
        self.limitsBeforeAuthentication = limitsBeforeAuthentication
        self.limitsAfterAuthentication = limitsAfterAuthentication
    }
}
