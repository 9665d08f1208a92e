public import StreamProtocol
public import XMPPModel

/// Every feature of a stream, written out by hand; a new one adds its line here.
public enum AllStreamFeatures {
    /// The features of one stream, each fresh. Their order in negotiation is that of their stages.
    ///
    /// - Parameter isBidirectional: Whether streams with a remote domain may carry both directions.
    public static func make(
        _ settings: StreamFeatureSettings, isBidirectional: @escaping @Sendable (DomainName) -> Bool = { _ in true }
    ) -> [any StreamFeature] {
        var features: [any StreamFeature] = [
            StartTLSFeature(),
            SASLExternalFeature(),
            StreamLimitsFeature(
                beforeAuthentication: settings.limitsBeforeAuthentication,
                afterAuthentication: settings.limitsAfterAuthentication),
        ]
        if settings.announcesDialback { features.append(DialbackFeature()) }
        if settings.isBidirectional {
            features.append(BidirectionalFeature(limits: settings.limitsAfterAuthentication, isWanted: isBidirectional))
        }
        return features
    }
}
