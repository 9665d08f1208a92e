import Federation
import StreamFeatures

extension Deployment {
    /// The same, with streams that carry one direction each, whatever the configuration says.
    func withOneDirection() throws -> Deployment {
        var parts = parts
        let features = parts.streamFeatures
        parts.streamFeatures = { features().filter { !($0 is BidirectionalFeature) } }
        return try Deployment(
            configuration: configuration, hosts: hosts, defaultIdentity: defaultIdentity, announced: announced,
            dialbackKeys: dialbackKeys, parts: parts)
    }
}
