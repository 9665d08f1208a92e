internal import DomainAssociation
public import StreamFeatures
internal import StreamProtocol
internal import XMLStreaming
public import XMPPModel

/// Two streams joined in memory: `a.example` dials `b.example`. No socket and no sleep.
public final class StreamPair {
    /// `a.example`, which dials.
    public let initiating: StreamEnd
    /// `b.example`, which is dialled.
    public let receiving: StreamEnd
    private let pieceSize: Int

    /// What the pair needs to know of its two ends; the defaults let them agree.
    public struct Setup: Sendable {
        /// Whether TLS comes before the stream.
        public var directTLS = false
        /// What `a.example` presents, nil for nothing.
        public var initiatingCertificate: PeerCertificate? = .naming(["a.example"])
        /// What `b.example` presents, nil for nothing.
        public var receivingCertificate: PeerCertificate? = .naming(["b.example"])
        /// What `b.example` announces.
        public var limits = StreamFeatureSettings(
            limitsBeforeAuthentication: PeerLimits(maximumBytes: 16_384),
            limitsAfterAuthentication: PeerLimits(maximumBytes: 262_144, idleSeconds: 600))
        /// How many octets arrive at once.
        public var pieceSize = Int.max

        /// The defaults.
        public init() {}
    }

    /// Makes both ends; nothing has happened yet.
    public init(_ setup: Setup = Setup()) {
        let policy = FederationPolicy(prooftypes: [ScriptedProoftype.believing])
        let features = AllStreamFeatures.make(setup.limits)
        initiating = StreamEnd(
            .initiating(
                InitiatingStream(
                    pair: pair("a.example", "b.example"), isEncrypted: setup.directTLS, features: features)),
            directTLS: setup.directTLS, certificate: setup.initiatingCertificate, policy: policy)
        let host = domain("b.example")
        let hasCertificate = setup.receivingCertificate != nil
        let streamPolicy = StreamPolicy(
            host: { $0 == host ? .hosted : .unknown }, hasCertificate: { _ in hasCertificate })
        receiving = StreamEnd(
            .receiving(
                ReceivingStream(
                    policy: streamPolicy, isEncrypted: setup.directTLS, features: features, errorID: "error-id")),
            directTLS: setup.directTLS, certificate: setup.receivingCertificate, policy: policy)
        pieceSize = setup.pieceSize
    }

    /// Connects, and carries what either end says until both are silent.
    public func negotiate() {
        initiating.connect()
        receiving.connect()
        carry()
    }

    /// Sends stanzas from `a.example`, whether it may or not, and carries what follows.
    public func send(_ stanzas: [Stanza]) {
        let octets = stanzas.flatMap(\.bytes)
        initiating.output.append(.octets(octets, encrypted: initiating.protection == .encrypted))
        carry()
    }

    /// Carries what either end says until both are silent.
    public func carry() {
        while !initiating.output.isEmpty || !receiving.output.isEmpty {
            for (from, to) in [(initiating, receiving), (receiving, initiating)] {
                let segments = from.output
                from.output = []
                for segment in segments { to.receive(segment, piecesOf: pieceSize) }
            }
        }
    }
}
