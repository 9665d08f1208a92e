public import DomainAssociation
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
        /// At which level both prove pairs by dialback; nil for not at all.
        public var dialback: FederationPolicy.Level?
        /// At which level `b.example` does; nil for that of both.
        public var receivingDialback: FederationPolicy.Level?
        /// Whether `a.example` asks for TLS where it is not offered and its level does without.
        public var asksForTLS = true
        /// Whether both use both directions.
        public var isBidirectional = false
        /// How many octets arrive at once.
        public var pieceSize = Int.max

        /// The defaults.
        public init() {}
    }

    /// Makes both ends; nothing has happened yet.
    public init(_ setup: Setup = Setup()) {
        let policy = FederationPolicy(prooftypes: [ScriptedProoftype.believing])
        var limits = setup.limits
        limits.announcesDialback = setup.dialback != nil
        limits.isBidirectional = setup.isBidirectional
        let features = AllStreamFeatures.make(limits)
        let dialback = setup.dialback.map { DialbackSettings.test($0) }
        let receivingDialback = (setup.receivingDialback ?? setup.dialback).map { DialbackSettings.test($0) }
        let ours = [domain("a.example"), domain("c.example")]
        initiating = StreamEnd(
            .initiating(
                InitiatingStream(
                    pair: pair("a.example", "b.example"), isEncrypted: setup.directTLS,
                    isTLSMandatory: setup.dialback != .verified, asksForTLS: setup.asksForTLS, features: features,
                    policy: StreamPolicy(host: { ours.contains($0) ? .hosted : .unknown }, dialback: dialback))),
            directTLS: setup.directTLS, certificate: setup.initiatingCertificate, policy: policy)
        let theirs = [domain("b.example"), domain("rooms.b.example")]
        let hasCertificate = setup.receivingCertificate != nil
        let streamPolicy = StreamPolicy(
            host: { theirs.contains($0) ? .hosted : .unknown }, hasCertificate: { _ in hasCertificate },
            dialback: receivingDialback)
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

    /// The server that was asked about the oldest key of the pair's sender says what its secret says.
    ///
    /// - Parameter isProved: Whether a prooftype proves that server.
    public func answerQuestions(isProved: Bool = true, isEncrypted: Bool = true) {
        for end in [receiving, initiating] {
            while let question = end.questions.first {
                let isKey = DialbackSecret.test.isKey(
                    question.key, for: question.pair, streamID: question.streamID)
                end.answer {
                    let server = AuthoritativeServer.dialled(for: $0, isProved: isProved, isEncrypted: isEncrypted)
                    return isKey ? .valid(server) : .invalid(server)
                }
            }
        }
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
