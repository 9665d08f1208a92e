import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import XMPPModel

/// The initiating side as `a.example`, led to each of its states by what `b.example` does.
enum Initiating: CaseIterable {
    case idle, directTLS
    case awaitingHeader, awaitingFeatures
    /// `<starttls/>` is out.
    case asking
    case securing, secured
    /// The header under TLS has come; the proof is under way.
    case proving
    /// The features have come before the proof.
    case featuresFirst
    case proven
    /// `<auth/>` is out.
    case authenticating
    /// SASL has succeeded; the new header has not come.
    case restarted
    case accepted
    case established
    case closing, closed

    static let pair = StreamTestSupport.pair("a.example", "b.example")
    static let answer = StreamHeader(from: "b.example", to: "a.example", id: "id-1", language: "en")

    static func features(_ elements: [XMLElement]) -> XMLElement {
        XMLElement(Namespace.stream, "features", elements)
    }

    static let startTLS = XMLElement(
        Namespace.startTLS, "starttls", [XMLElement(Namespace.startTLS, "required")])
    static let mechanisms = XMLElement(
        Namespace.sasl, "mechanisms", [XMLElement(Namespace.sasl, "mechanism", text: "EXTERNAL")])
    static let proceed = XMLElement(Namespace.startTLS, "proceed")
    static let success = XMLElement(Namespace.sasl, "success")

    /// What happened up to this state.
    var events: [StreamEvent] {
        switch self {
        case .idle: []
        case .directTLS, .awaitingHeader: [.connected]
        case .awaitingFeatures: Self.awaitingHeader.events + [.headerReceived(Self.answer, freshID: "")]
        case .asking: Self.awaitingFeatures.events + [.elementReceived(Self.features([Self.startTLS]))]
        case .securing: Self.asking.events + [.elementReceived(Self.proceed)]
        case .secured: Self.securing.events + [.secured(presentedCertificate: true)]
        case .proving: Self.secured.events + [.headerReceived(Self.answer, freshID: "")]
        case .featuresFirst: Self.proving.events + [.elementReceived(Self.features([Self.mechanisms]))]
        case .proven: Self.proving.events + [.proofConcluded(.proven(Self.pair, .target))]
        case .authenticating: Self.proven.events + [.elementReceived(Self.features([Self.mechanisms]))]
        case .restarted: Self.authenticating.events + [.elementReceived(Self.success)]
        case .accepted: Self.restarted.events + [.headerReceived(Self.answer, freshID: "")]
        case .established: Self.accepted.events + [.elementReceived(Self.features([]))]
        case .closing: Self.established.events + [.closeRequested(nil)]
        case .closed: Self.established.events + [.closedByPeer]
        }
    }

    /// A stream in this state.
    var stream: InitiatingStream { led.stream }

    /// A stream in this state, and what it asked for on the way.
    var led: (stream: InitiatingStream, actions: [StreamAction]) {
        var stream = InitiatingStream(
            pair: Self.pair, isEncrypted: self == .directTLS, features: AllStreamFeatures.make(Receiving.limits))
        let actions = events.flatMap { stream.handle($0) }
        return (stream, actions)
    }
}
