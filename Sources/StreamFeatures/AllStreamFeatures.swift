public import StreamProtocol

/// Every feature of a stream, written out by hand; a new one adds its line here.
public enum AllStreamFeatures {
    /// The features of one stream, each fresh. Their order in negotiation is that of their stages.
    public static func make(_ settings: StreamFeatureSettings) -> [any StreamFeature] {
        [
            StartTLSFeature(),
            SASLExternalFeature(),
            StreamLimitsFeature(
                beforeAuthentication: settings.limitsBeforeAuthentication,
                afterAuthentication: settings.limitsAfterAuthentication),
        ]
    }
}

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
