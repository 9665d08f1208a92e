import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import XMPPModel

extension Initiating {
    static let dialbackFeature = XMLElement(
        Namespace.dialbackFeature, "dialback", [XMLElement(Namespace.dialbackFeature, "errors")])
    static let bidiFeature = XMLElement(Namespace.bidirectionalFeature, "bidi")
    static let policy = StreamPolicy(
        host: { [domain("a.example"), domain("c.example")].contains($0) ? .hosted : .unknown },
        isAllowed: { $0 != domain("blocked.example") })

    /// A stream in this state towards a peer that declares dialback and announces it.
    ///
    /// - Parameters:
    ///   - announced: What the peer announces in its last features.
    ///   - proof: What is found of the peer.
    func dialing(
        _ settings: DialbackSettings = .test(.encrypted), announced: [XMLElement] = [dialbackFeature],
        bidirectional: Bool = false
    ) -> (stream: InitiatingStream, actions: [StreamAction]) {
        var (stream, actions) = Self.start(settings, bidirectional: bidirectional, isDirect: self == .directTLS)
        for event in events {
            switch event {
            case .headerReceived(var header, let freshID):
                header.declaresDialback = true
                actions += stream.handle(.headerReceived(header, freshID: freshID))
            case .elementReceived(let element) where element.is(Namespace.stream, "features"):
                let isLast = element.elements.isEmpty
                let extra = isLast ? announced : bidirectional ? [Self.bidiFeature] : []
                actions += stream.handle(.elementReceived(Self.features(element.elements + extra)))
            default: actions += stream.handle(event)
            }
        }
        return (stream, actions)
    }

    static func start(
        _ settings: DialbackSettings = .test(.encrypted), bidirectional: Bool = false, isDirect: Bool = true,
        purpose: InitiatingStream.Purpose = .stanzas
    ) -> (stream: InitiatingStream, actions: [StreamAction]) {
        var policy = Self.policy
        policy.dialback = settings
        var limits = Receiving.limits
        limits.announcesDialback = true
        limits.isBidirectional = bidirectional
        let stream = InitiatingStream(
            pair: pair, isEncrypted: isDirect, features: AllStreamFeatures.make(limits), purpose: purpose,
            policy: policy, address: "192.0.2.1:5269")
        return (stream, [])
    }

    /// A stream that has come as far as the features of its peer, which are at hand.
    ///
    /// - Parameters:
    ///   - announced: What the peer announces under TLS.
    ///   - presented: Whether we have presented a certificate.
    ///   - isProved: Whether a prooftype proves the peer.
    static func negotiating(
        _ announced: [XMLElement] = [dialbackFeature], _ settings: DialbackSettings = .test(.encrypted),
        presented: Bool = false, isProved: Bool = true, declares: Bool = true, id: String? = "id-1",
        purpose: InitiatingStream.Purpose = .stanzas, bidirectional: Bool = false
    ) -> (stream: InitiatingStream, actions: [StreamAction]) {
        var (stream, _) = start(settings, bidirectional: bidirectional, purpose: purpose)
        let header = StreamHeader(from: "b.example", to: "a.example", id: id, declaresDialback: declares)
        var actions: [StreamAction] = []
        for event: StreamEvent in [
            .connected, .secured(presentedCertificate: presented), .headerReceived(header, freshID: ""),
            .proofConcluded(isProved ? .proven(pair, .target) : .refused(pair, .target)),
            .elementReceived(features(announced)),
        ] { actions += stream.handle(event) }
        return (stream, actions)
    }

    /// A stream for questions that takes them.
    static func answering(
        _ settings: DialbackSettings = .test(.encrypted), isProved: Bool = true
    ) -> InitiatingStream {
        negotiating([mechanisms], settings, presented: true, isProved: isProved, purpose: .questions).stream
    }
}

extension DialbackQuestion {
    /// A question about a key of `b.example`, which the streams of ``Initiating`` lead to.
    static func test(
        _ pair: DomainPair = Initiating.pair.reversed, id: String = "ours", certificate: PeerCertificate? = nil
    ) -> DialbackQuestion {
        DialbackQuestion(
            DomainClaim(pair: pair, side: .sender, certificates: certificate.map { [$0] } ?? [], moment: 0),
            isEncrypted: true, streamID: id, key: "k")
    }
}

extension StreamAction {
    /// What came of a question.
    var answer: DialbackAnswer? {
        if case .answered(_, let answer) = self { answer } else { nil }
    }
}
