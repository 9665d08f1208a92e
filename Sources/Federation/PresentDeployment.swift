internal import Configuration
internal import DomainAssociation
internal import StreamProtocol
internal import Synchronization
internal import XMPPModel

/// The deployment in force on one loop, as the streams there see it: they outlive reloads, and take pairs of domains that are
/// hosted since.
final class PresentDeployment: Sendable {
    private let deployment: Mutex<Deployment>

    init(_ deployment: Deployment) { self.deployment = Mutex(deployment) }

    var value: Deployment {
        get { deployment.withLock { $0 } }
        set { deployment.withLock { $0 = newValue } }
    }

    /// What streams have to know.
    var streamPolicy: StreamPolicy {
        StreamPolicy(
            host: { self.value.host($0) }, isAllowed: { self.value.isAllowed($0) },
            hasCertificate: { self.value.identity(for: $0) != nil },
            dialback: DialbackSettings(
                keys: Keys(present: self), rules: { DialbackRules(self.value.parts.policy($0)) },
                pairsPerStream: value.configuration.limits.pairsPerStream,
                partsInLine: Self.partsInLine(value.configuration.timeouts)))
    }

    /// A pair waits for its turn no longer than a stanza waits for the pair.
    static func partsInLine(_ timeouts: TimeoutSettings) -> Int {
        guard timeouts.dialback > .zero else { return StreamDeadline.dialbackParts }
        let parts = Double(StreamDeadline.dialbackParts) * (timeouts.delivery / timeouts.dialback)
        return max(1, Int(parts.rounded(.up)))
    }

    private struct Keys: DialbackKeys {
        let present: PresentDeployment

        func key(for pair: DomainPair, streamID: String) -> String {
            present.value.dialbackKeys.key(for: pair, streamID: streamID)
        }

        func isKey(_ key: String, for pair: DomainPair, streamID: String) -> Bool {
            present.value.dialbackKeys.isKey(key, for: pair, streamID: streamID)
        }
    }
}
