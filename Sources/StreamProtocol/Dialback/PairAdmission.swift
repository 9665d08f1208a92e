internal import DomainAssociation
internal import XMPPModel

/// The pairs that the peer has asked us to take stanzas of, while it is being decided. Each is decided for itself (DB-26,
/// PA-05): by a prooftype where one proves the sender with the certificate at hand (DK-05, PA-02), else by asking the
/// sender's own server.
struct PairAdmission: Sendable {
    /// What has to be known of the stream.
    struct Surroundings {
        var policy: StreamPolicy
        var settings: DialbackSettings
        var isEncrypted: Bool
        /// The identifier in the response header that is in force.
        var streamID: String
        var tick: Int
        /// How many pairs come in on the stream.
        var carried: Int
    }

    enum Outcome {
        case actions([StreamAction])
        /// The pair is proved; the answer has to go out first.
        case accepted(ProvenDomain, answer: StreamAction)
        /// The key is a forgery, and what follows depends on what else the stream carries (DB-16, DB-17).
        case forged(DialbackElement.Spelling, DialbackReport)
    }

    private struct Request: Sendable {
        var spelling: DialbackElement.Spelling
        var key: String
        var since: Int
        /// Set once no prooftype has proved the pair.
        var question: DialbackQuestion?
    }

    private var requests: [DomainPair: Request] = [:]
    /// The certificates of servers that were asked last; pairs that rest on the same hold them once.
    private var chains: [[PeerCertificate]] = []

    private static let chainsKept = 16

    /// Octets of a key that are passed on; every known server's key has fewer than a hundred.
    private static let longestKey = 1024

    var isEmpty: Bool { requests.isEmpty }

    /// Whether a question came from here, in which case it is not to be asked on this stream (DB-13, BI-06).
    func isAsking(_ question: DialbackQuestion) -> Bool {
        requests[question.pair]?.question?.identity == question.identity
    }

    /// The peer asks for a pair.
    mutating func request(_ element: DialbackElement, key: String, _ stream: Surroundings) -> [StreamAction] {
        let pair = element.requestedPair
        // Before anything else: who could take back what is being proved could have any number of proofs made at once.
        guard requests[pair] == nil else { return [.report(.dialback(.repeated(pair)))] }
        if let error = objection(to: pair, key: key, stream) {
            return refuse(pair, element.spelling, error.0, explanation: error.1)
        }
        requests[pair] = Request(spelling: element.spelling, key: key, since: stream.tick)
        // The certificate is judged now, and not by what was thought of it at the handshake (DK-06).
        return [.prove(pair, .sender)]
    }

    private func objection(
        to pair: DomainPair, key: String, _ stream: Surroundings
    ) -> (DialbackError, String)? {
        guard stream.policy.host(pair.target) == .hosted else {
            return (DialbackError(.itemNotFound), "\(pair.target) is not served here")
        }
        guard stream.policy.host(pair.sender) != .hosted else {
            return (DialbackError(.notAcceptable), "\(pair.sender) is served here")
        }
        guard stream.policy.isAllowed(pair.sender) else {
            return (DialbackError(.policyViolation), "no federation with \(pair.sender)")
        }
        guard stream.isEncrypted || stream.settings.rules(pair.sender).policy.level == .verified else {
            return (DialbackError(.policyViolation), "TLS is demanded of \(pair.sender)")
        }
        guard !key.isEmpty, key.utf8.count <= Self.longestKey else {
            return (DialbackError(.notAcceptable), "the key has \(key.utf8.count) octets")
        }
        if let limit = stream.settings.pairsPerStream, stream.carried + requests.count >= limit {
            return (DialbackError(.resourceConstraint), "the stream carries \(limit) pairs at most")
        }
        let pending = stream.carried == 0 ? stream.settings.pendingPairsBeforeProof : stream.settings.pendingPairs
        guard requests.count < pending else {
            return (DialbackError(.resourceConstraint), "\(pending) pairs are being proved already")
        }
        return nil
    }

    /// A proof that was asked for has ended. What a prooftype refutes on an inbound stream was the peer's certificate; its
    /// domain may still be proved by its own server (DA-21).
    mutating func conclude(_ conclusion: ProofConclusion, _ stream: Surroundings) -> Outcome {
        let claim = conclusion.claim
        guard claim.side == .sender, var request = requests[claim.pair], request.question == nil else {
            return .actions([])
        }
        switch conclusion {
        case .proven(let proven) where stream.isEncrypted: return accept(proven, request)
        case .proven, .refused:
            let question = DialbackQuestion(
                claim, isEncrypted: stream.isEncrypted, streamID: stream.streamID, key: request.key)
            request.question = question
            requests[claim.pair] = request
            return .actions([.verify(question)])
        }
    }

    /// An answer has come; it counts if it belongs to a question that is open here.
    mutating func take(
        _ answer: DialbackAnswer, to question: DialbackQuestion, _ stream: Surroundings
    ) -> Outcome {
        let pair = question.pair
        guard let request = requests[pair], var own = request.question, own.identity == question.identity,
            own.key == question.key, let decision = own.accept(answer, under: stream.settings.rules(pair.sender))
        else { return .actions([]) }
        switch decision {
        case .proven(let proven): return accept(proven, request)
        case .refused(let refusal) where refusal.reason == .invalidKey:
            requests[pair] = nil
            return .forged(request.spelling, .forgedKey(pair, explanation: refusal.explanation))
        case .refused(let refusal):
            return .actions(
                refuse(pair, request.spelling, DialbackError(refusal), explanation: refusal.explanation))
        }
    }

    /// Gives up what nobody has answered in time (DB-20).
    mutating func expire(at tick: Int, after ticks: Int) -> [StreamAction] {
        requests.filter { tick - $0.value.since >= ticks }.sorted { $0.key.description < $1.key.description }
            .flatMap { pair, request in
                refuse(
                    pair, request.spelling, DialbackError(.remoteServerTimeout),
                    explanation: "nobody confirmed the key in time")
            }
    }

    private mutating func accept(_ proven: ProvenDomain, _ request: Request) -> Outcome {
        requests[proven.claim.pair] = nil
        return .accepted(share(proven), answer: .send(DialbackElement.result(request.spelling, .valid)))
    }

    private mutating func share(_ proven: ProvenDomain) -> ProvenDomain {
        guard let own = proven.keptCertificates else { return proven }
        let shared = proven.sharing(chains)
        if !chains.contains(where: { $0.first?.sha256 == own.first?.sha256 }) {
            if chains.count == Self.chainsKept { chains.removeFirst() }
            chains.append(own)
        }
        return shared
    }

    private mutating func refuse(
        _ pair: DomainPair, _ spelling: DialbackElement.Spelling, _ error: DialbackError, explanation: String
    ) -> [StreamAction] {
        requests[pair] = nil
        return [
            .report(.dialback(.refused(pair, error, explanation: explanation))),
            .send(DialbackElement.result(spelling, .error(error))),
        ]
    }
}
