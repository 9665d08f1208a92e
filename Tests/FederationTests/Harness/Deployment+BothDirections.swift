import Federation
import StreamFeatures
import StreamProtocol

extension Deployment {
    /// The same, with streams that carry both directions.
    func withBothDirections() throws -> Deployment {
        var parts = parts
        let features = parts.streamFeatures
        parts.streamFeatures = { features() + [BidirectionalFeature(limits: PeerLimits())] }
        return try Deployment(
            configuration: configuration, hosts: hosts, defaultIdentity: defaultIdentity, announced: announced,
            dialbackKeys: dialbackKeys, parts: parts)
    }
}
