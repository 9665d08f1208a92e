import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import XMPPModel

/// The receiving side as `b.example`, led to each of its states by what a peer does.
enum Receiving: CaseIterable {
    case fresh, directTLS
    /// In clear, behind the features.
    case inClear
    case securing, secured
    case awaitingProof
    /// Behind the features under TLS, with a proof and without.
    case proven, unproven
    /// SASL has succeeded; the new header has not come.
    case restarted
    case established
    case closing, closingEarly, closed

    static let pair = StreamTestSupport.pair("a.example", "b.example")
    static let header = StreamHeader(from: "a.example", to: "b.example", id: "evil", language: "de")

    static let policy = StreamPolicy(
        host: { name in
            switch name {
            case domain("b.example"), domain("rooms.b.example"): .hosted
            case domain("old.example"): .former
            default: .unknown
            }
        },
        isAllowed: { $0 != domain("blocked.example") },
        hasCertificate: { $0 != domain("rooms.b.example") })

    static let limits = StreamFeatureSettings(
        limitsBeforeAuthentication: PeerLimits(maximumBytes: 16_384),
        limitsAfterAuthentication: PeerLimits(maximumBytes: 262_144, idleSeconds: 600))

    static let auth = XMLElement(Namespace.sasl, "auth", attributes: ["mechanism": "EXTERNAL"], text: "=")
    static let startTLS = XMLElement(Namespace.startTLS, "starttls")
    static let good = stanza(from: "x@a.example/r", to: "u@b.example")

    static func stanza(from: String?, to: String?) -> Stanza {
        Stanza(.message, from: from, to: to, content: Array("<body>hi</body>".utf8))
    }

    /// What happened up to this state.
    var events: [StreamEvent] {
        switch self {
        case .fresh, .directTLS: [.connected]
        case .inClear: Self.fresh.events + [.headerReceived(Self.header, freshID: "id-1")]
        case .securing: Self.inClear.events + [.elementReceived(Self.startTLS)]
        case .secured: Self.securing.events + [.secured(presentedCertificate: true)]
        case .awaitingProof: Self.secured.events + [.headerReceived(Self.header, freshID: "id-2")]
        case .proven: Self.awaitingProof.events + [.proofConcluded(.proven(Self.pair, .sender))]
        case .unproven: Self.awaitingProof.events + [.proofConcluded(.refused(Self.pair, .sender))]
        case .restarted: Self.proven.events + [.elementReceived(Self.auth)]
        case .established: Self.restarted.events + [.headerReceived(Self.header, freshID: "id-3")]
        case .closing: Self.established.events + [.closeRequested(StreamError(.systemShutdown))]
        case .closingEarly: Self.inClear.events + [.closeRequested(nil)]
        case .closed: Self.established.events + [.closedByPeer]
        }
    }

    /// A stream in this state.
    var stream: ReceivingStream { led.stream }

    /// A stream in this state, and what it asked for on the way.
    var led: (stream: ReceivingStream, actions: [StreamAction]) {
        var stream = ReceivingStream(
            policy: Self.policy, isEncrypted: self == .directTLS, features: AllStreamFeatures.make(Self.limits),
            errorID: "error-id")
        let actions = events.flatMap { stream.handle($0) }
        return (stream, actions)
    }
}
