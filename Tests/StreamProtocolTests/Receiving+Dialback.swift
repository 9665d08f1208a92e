import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import Testing
import XMPPModel

extension Receiving {
    static let bidi = XMLElement(Namespace.bidirectional, "bidi")

    /// A stream in this state where pairs are proved by dialback as well.
    ///
    /// - Parameter bidirectional: Whether the peer has asked for both directions as soon as it might.
    func dialing(
        _ settings: DialbackSettings = .test(.encrypted), bidirectional: Bool = false
    ) -> (stream: ReceivingStream, actions: [StreamAction]) {
        var policy = Self.policy
        policy.dialback = settings
        var limits = Self.limits
        limits.announcesDialback = true
        limits.isBidirectional = bidirectional
        var stream = ReceivingStream(
            policy: policy, isEncrypted: self == .directTLS, features: AllStreamFeatures.make(limits),
            errorID: "error-id")
        var actions: [StreamAction] = []
        for event in events {
            actions += stream.handle(event)
            if bidirectional, case .proofConcluded = event { actions += stream.handle(.elementReceived(Self.bidi)) }
        }
        return (stream, actions)
    }
}

extension ReceivingStream {
    /// The peer asks for a pair, and no prooftype proves it; what is to be asked of the authoritative server.
    mutating func request(_ pair: DomainPair, key: String = "k") throws -> DialbackQuestion {
        _ = handle(.elementReceived(.result(pair, key: key)))
        let actions = handle(.proofConcluded(.refused(pair, .sender)))
        return try #require(actions.compactMap(\.question).first)
    }

    /// The peer asks for a pair, and its server confirms the key.
    mutating func prove(_ pair: DomainPair) -> [StreamAction] {
        guard let question = try? request(pair) else { return [] }
        return handle(.questionAnswered(question, .valid(.dialled(for: pair))))
    }
}

extension StreamAction {
    /// What the authoritative server is to be asked.
    var question: DialbackQuestion? {
        if case .verify(let question) = self { question } else { nil }
    }

    /// The association that begins.
    var association: Association? {
        if case .established(let association) = self { association } else { nil }
    }

    /// The dialback element that is sent.
    var dialback: XMLElement? {
        guard case .send(let element) = self, element.namespace == Namespace.dialback else { return nil }
        return element
    }

    /// What became of a further pair.
    var pairFailure: PairFailure? {
        if case .pairFailed(_, let failure) = self { failure } else { nil }
    }

    /// A fact about dialback.
    var dialbackReport: DialbackReport? {
        if case .report(.dialback(let report)) = self { report } else { nil }
    }
}

extension XMLElement {
    /// The condition in a dialback error.
    var dialbackCondition: String? {
        guard self["type"] == "error" else { return nil }
        return first(Namespace.server, "error")?.elements.first { $0.namespace == Namespace.stanzaErrors }?.name
    }
}
