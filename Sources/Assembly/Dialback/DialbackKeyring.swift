internal import Configuration
internal import StreamFeatures
internal import StreamProtocol
internal import XMPPModel

/// The keys of the secrets of one deployment; after a reload that changed them, those of the former ones too, for as long as a
/// question about one may be under way.
struct DialbackKeyring: DialbackKeys {
    private struct Former: Sendable {
        let set: KeySet
        let end: ContinuousClock.Instant
    }

    private let secrets: DialbackSecrets
    private let current: KeySet
    private var former: Former?

    /// Keys of `secrets`.
    ///
    /// - Parameters:
    ///   - previous: What was in force until now.
    ///   - grace: How long its keys are known still, where the secrets have changed: as long as a peer waits for an answer.
    init(
        _ secrets: DialbackSecrets, remotes: [RemotePolicy], after previous: DialbackKeyring? = nil,
        grace: Duration = .zero, now: ContinuousClock.Instant = .now
    ) {
        self.secrets = secrets
        current = KeySet(secrets, remotes)
        guard let previous else { return }
        let isSame =
            previous.secrets.standard == secrets.standard && previous.secrets.ofRemotes == secrets.ofRemotes
        former = isSame ? previous.former : Former(set: previous.current, end: now + grace)
    }

    /// See ``DialbackKeys/key(for:streamID:)``.
    func key(for pair: DomainPair, streamID: String) -> String {
        current.secret(for: pair.target).key(for: pair, streamID: streamID)
    }

    /// See ``DialbackKeys/isKey(_:for:streamID:)``.
    func isKey(_ key: String, for pair: DomainPair, streamID: String) -> Bool {
        if current.secret(for: pair.target).isKey(key, for: pair, streamID: streamID) { return true }
        guard let former, ContinuousClock.now < former.end else { return false }
        return former.set.secret(for: pair.target).isKey(key, for: pair, streamID: streamID)
    }

    private struct KeySet: Sendable {
        let standard: DialbackSecret
        let ofRemotes: [RemotePolicy.Scope: DialbackSecret]
        let index: RemotePolicyIndex?

        init(_ secrets: DialbackSecrets, _ remotes: [RemotePolicy]) {
            standard = DialbackSecret(secrets.standard)
            ofRemotes = secrets.ofRemotes.mapValues { DialbackSecret($0) }
            index = ofRemotes.isEmpty ? nil : RemotePolicyIndex(remotes)
        }

        /// The remote domain alone decides, which is the target of a key that we make and of one that we are asked about.
        func secret(for remote: DomainName) -> DialbackSecret {
            guard let policy = index?.policy(for: remote) else { return standard }
            return ofRemotes[policy.scope] ?? standard
        }
    }
}
