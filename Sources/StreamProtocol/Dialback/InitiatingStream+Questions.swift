internal import DomainAssociation
internal import XMPPModel

/// Keys that came on other connections, and that the peer is asked about as their authoritative server (XEP-0220 §2.1.2).
extension InitiatingStream {
    /// Whether the peer may be asked about keys (``StreamEvent/ask(_:)``).
    public var takesQuestions: Bool { state == .answering || state == .established && policy?.dialback != nil }

    /// Whether the peer may be asked about keys of further domains, which it has to prove to speak for first: on a connection
    /// for questions alone, and under TLS, without which nothing is proved.
    public var takesFurtherQuestions: Bool { state == .answering && facts.isEncrypted }

    mutating func beginAnswering() -> [StreamAction] {
        state = .answering
        return [.disarm(.negotiation), .readyForQuestions, .arm(.verifyIdle)]
    }

    /// Asks the peer about a key (DB-12, DB-13).
    mutating func ask(_ question: DialbackQuestion) -> [StreamAction] {
        guard let settings = policy?.dialback, takesQuestions, let conclusion else {
            return [.answered(question, .unreachable(reason: "the stream to \(pair.target) is not open"))]
        }
        let isOwn = question.pair.sender == pair.target
        guard isOwn || takesFurtherQuestions else {
            return [.answered(question, .unreachable(reason: "the stream is to \(pair.target)"))]
        }
        guard !dialback.admission.isAsking(question) else {
            return [.answered(question, .unreachable(reason: "the key came on this very connection"))]
        }
        guard !dialback.questions.contains(question) else { return [] }
        let reason = "too many keys wait for \(pair.target)"
        guard dialback.questions.count < settings.questionsAtOnce else {
            return [.answered(question, isOwn ? .overloaded(reason: reason) : .unreachable(reason: reason))]
        }
        // Who leads many domains here by DNS does not take the place of the domain that the connection is for; connections of
        // their own are counted for those who ask.
        guard isOwn || dialback.questions.count(besides: pair.target) < settings.furtherQuestionsAtOnce else {
            return [.answered(question, .unreachable(reason: reason))]
        }
        let rests = dialback.questions.isEmpty && state == .answering
        let actions =
            isOwn ? put(question, to: server(by: conclusion), settings) : hold(question)
        return (rests && !dialback.questions.isEmpty ? [.disarm(.verifyIdle)] : []) + actions
    }

    private mutating func hold(_ question: DialbackQuestion) -> [StreamAction] {
        dialback.questions.hold(question, at: dialback.tick) ? [.prove(question.pair.reversed, .target)] : []
    }

    /// It is known whether the peer speaks for a further domain. It was dialled for another one, so that encryption alone says
    /// nothing: it takes a proof, as it does for a target that is supposed (PS-02).
    mutating func concludeServer(_ conclusion: ProofConclusion, _ settings: DialbackSettings) -> [StreamAction] {
        let questions = dialback.questions.takeHeld(conclusion.claim.pair.reversed)
        guard !questions.isEmpty else { return [] }
        guard case .proven(let proven) = conclusion, proven.level == .authenticated else {
            let reason = "the server of \(pair.target) could not be proved for it: \(conclusion.explanation)"
            return questions.map { .answered($0, .unreachable(reason: reason)) } + restFromQuestions()
        }
        return questions.flatMap { put($0, to: server(by: conclusion), settings) } + restFromQuestions()
    }

    private func server(by conclusion: ProofConclusion) -> AuthoritativeServer {
        AuthoritativeServer(conclusion, isEncrypted: facts.isEncrypted, address: address)
    }

    private mutating func put(
        _ question: DialbackQuestion, to server: AuthoritativeServer, _ settings: DialbackSettings
    ) -> [StreamAction] {
        guard question.objection(to: server, under: settings.rules(question.pair.sender)) == nil else {
            return [.answered(question, .unproven(server))]
        }
        guard !question.hasSameCertificate(as: server) else { return [.answered(question, .sameCertificate(server))] }
        dialback.questions.add(question, to: server, at: dialback.tick)
        return [.send(DialbackElement.question(question.pair, id: question.streamID, key: question.key))]
    }

    mutating func takeAnswer(
        _ content: DialbackElement.Content, to question: DialbackQuestion, from server: AuthoritativeServer
    ) -> [StreamAction] {
        let answer: DialbackAnswer =
            switch content {
            case .valid: .valid(server)
            case .invalid: .invalid(server)
            case .error(let error):
                .notFound(reason: "\(address), the server of \(question.pair.sender), answered with \(error)")
            case .key, .unknown: .silent(reason: "\(address) did not say anything known")
            }
        return [.answered(question, answer)] + restFromQuestions()
    }

    /// What the end of the stream with `host-unknown` or `host-gone` says of the keys that wait. Where several domains share the
    /// connection it may have been any of them.
    mutating func answerUnknownHost(_ error: StreamError) -> [StreamAction] {
        guard dialback.questions.areAll(about: pair.target) else { return [] }
        let reason = "\(address) does not serve \(pair.target): \(error)"
        return dialback.questions.removeAll().asked.map { .answered($0, .notFound(reason: reason)) }
    }

    /// Nothing more is asked for the time being.
    func restFromQuestions() -> [StreamAction] {
        state == .answering && dialback.questions.isEmpty ? [.arm(.verifyIdle)] : []
    }
}
