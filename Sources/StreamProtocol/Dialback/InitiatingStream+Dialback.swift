internal import DomainAssociation
internal import XMPPModel

extension InitiatingStream {
    /// The connection is gone without a word to the stream: ends what still waits on it.
    public mutating func abandon() -> [StreamAction] {
        state = .closed
        return endAll(isByPeer: true, reason: "the connection broke")
    }

    /// Keeps the clock, and ends what waits with the stream.
    mutating func keepDialback(_ actions: [StreamAction]) -> [StreamAction] {
        var actions = actions
        switch state {
        case .closing, .closed:
            actions.appendBeforeEnd(
                endAll(isByPeer: state == .closed, reason: "\(pair.target) closed the stream"))
        case .idle, .securing, .awaitingHeader, .awaitingFeatures, .awaitingProof, .negotiating, .dialingBack,
            .established, .answering:
            if let action = dialback.clockAction() { actions.append(action) }
        }
        return actions
    }

    /// What became of the first pair is told by the failure of the stream.
    private mutating func endAll(isByPeer: Bool, reason: String) -> [StreamAction] {
        let endings = dialback.endAll(isByPeer: isByPeer, reason: reason)
        guard !wasEstablished else { return endings }
        return endings.filter { if case .pairFailed(pair, _) = $0 { false } else { true } }
    }

    /// Whether dialback elements mean something by now.
    var takesDialback: Bool { state == .dialingBack || state == .established || state == .answering }

    // MARK: - The first pair

    /// The target as far as the policy takes it; nil where it does not.
    func admitted(_ conclusion: ProofConclusion) -> ProvenDomain? {
        if case .proven(let proven) = conclusion, facts.isEncrypted { return proven }
        return policy?.dialback?.rules(pair.target).domain(dialled: conclusion, isEncrypted: facts.isEncrypted)
    }

    /// Whether the peer is good enough to be asked questions; what its answers are worth is decided for each (OW-02).
    func mayAsk(_ conclusion: ProofConclusion) -> Bool {
        purpose == .questions && policy?.dialback?.rules(pair.target).isUnopposed(conclusion) ?? false
    }

    /// Proves our domain by dialback, where EXTERNAL did not: the level judges the peer's proof, and never ours (SE-11).
    mutating func dialBack() -> [StreamAction]? {
        guard let settings = policy?.dialback, knowsDialback, streamID != nil, let proven = facts.proven else {
            return nil
        }
        state = .dialingBack
        dialback.requests.line(up: pair, with: proven, at: dialback.tick)
        return sendRequests(settings)
    }

    func firstPairFailure(_ failure: PairFailure) -> StreamFailure {
        .pairFailed(failure, reason: "\(pair.target) did not accept \(pair.sender): \(failure)")
    }

    /// A pair is open from now on, on a stream of both directions together with its reverse (BI-04).
    mutating func open(_ association: Association) -> [StreamAction] {
        gate.openFurther(isBidirectional ? [association, association.reversed] : [association])
    }

    // MARK: - Further pairs

    /// One of our domains to a domain of the peer's, on the stream as it is.
    mutating func associate(_ wanted: DomainPair) -> [StreamAction] {
        if let association = gate.association(of: wanted), !association.isIncoming {
            return [.established(association)]
        }
        let refusal = StreamAction.pairFailed(
            wanted, .needsOwnStream(reason: "\(pair.target) takes no further pair on the stream"))
        guard let settings = policy?.dialback, purpose == .stanzas, settings.pairsWaiting > dialback.requests.count
        else {
            return [refusal]
        }
        guard !dialback.requests.contains(wanted) else { return [] }
        guard wasEstablished else {
            // Its own pair is what it is opened for.
            if wanted != pair { dialback.requests.hold(wanted) }
            return []
        }
        guard knowsDialback, streamID != nil else { return [refusal] }
        // The same server has proved to be the target (PA-01); for a pair that was taken off it has to do so anew.
        if gate.association(with: wanted.target) != nil, !gate.isRevoked(wanted) {
            dialback.requests.line(up: wanted, at: dialback.tick)
            return sendRequests(settings)
        }
        guard knowsDialbackErrors || wanted.target == pair.target else {
            let reason = "\(pair.target) does not announce dialback errors, and might close for \(wanted.target)"
            return [.pairFailed(wanted, .needsOwnStream(reason: reason))]
        }
        dialback.requests.awaitProof(wanted)
        return [.prove(wanted, .target)]
    }

    /// The pairs that were wanted in the meantime have their turn.
    mutating func associateHeld() -> [StreamAction] { dialback.requests.takeHeld().flatMap { associate($0) } }

    mutating func concludePair(_ conclusion: ProofConclusion) -> [StreamAction] {
        guard let settings = policy?.dialback else { return [] }
        let wanted = conclusion.claim.pair
        guard conclusion.claim.side == .target else {
            return follow(dialback.admission.conclude(conclusion, surroundings(settings)))
        }
        guard purpose == .stanzas else { return concludeServer(conclusion, settings) }
        guard dialback.requests.awaitsProof(wanted) else { return [] }
        dialback.requests.remove(unproven: wanted)
        guard state == .established, let proven = provenTarget(conclusion) else {
            let reason =
                "the server of \(pair.target) could not be proved for \(wanted.target): \(conclusion.explanation)"
            return [.pairFailed(wanted, .needsOwnStream(reason: reason))]
        }
        dialback.requests.line(up: wanted, with: proven, at: dialback.tick)
        return sendRequests(settings)
    }

    private mutating func provenTarget(_ conclusion: ProofConclusion) -> ProvenDomain? {
        guard conclusion.claim.pair.target == pair.target else {
            // For a target that nobody dialled on this connection encryption alone says nothing: it takes a proof (PS-02).
            guard case .proven(let proven) = conclusion, proven.level == .authenticated else { return nil }
            return proven
        }
        // What the stream rested on was taken off, and is proved anew.
        guard let proven = admitted(conclusion) else { return nil }
        (self.conclusion, facts.proven) = (conclusion, proven)
        return proven
    }

    private func mechanism(of further: DomainPair) -> Association.Mechanism {
        if further == pair { return .serverIdentity }
        return further.target == pair.target ? .assertion : .supposition
    }

    private mutating func sendRequests(_ settings: DialbackSettings) -> [StreamAction] {
        let id = streamID ?? ""
        return dialback.requests.takeTurns(limit: settings.requestsAtOnce, at: dialback.tick).map { pair in
            .send(DialbackElement.request(pair, key: settings.keys.key(for: pair, streamID: id)))
        }
    }

    // MARK: - Elements

    mutating func takeDialback(_ element: XMLElement, _ settings: DialbackSettings) -> [StreamAction] {
        do throws(DialbackElement.Fault) {
            let element = try DialbackElement(element)
            guard case .key(let key) = element.content else { return takeAnswer(element, settings) }
            return takeRequest(element, key: key, settings)
        } catch {
            return close(
                error.streamError, .broken(reason: "\(pair.target) broke the rules of dialback: \(error.text)"))
        }
    }

    private mutating func takeAnswer(_ element: DialbackElement, _ settings: DialbackSettings) -> [StreamAction] {
        let answered = element.answeredPair
        let unsolicited = StreamAction.report(.dialback(.unsolicited(answered, type: element.typeText)))
        guard element.content != .unknown else { return [unsolicited] }
        if element.kind == .verify {
            let identity = DialbackQuestion.Identity(pair: answered, streamID: element.id)
            guard let (question, server) = dialback.questions.take(identity) else { return [unsolicited] }
            return takeAnswer(element.content, to: question, from: server)
        }
        guard let request = dialback.requests.take(answered: answered) else { return [unsolicited] }
        if state == .dialingBack { return takeFirstAnswer(element.content, request.proven) }
        switch element.content {
        case .valid:
            // A target that was proved for this pair, or the stream's own beside another domain of ours.
            guard
                let association = request.proven?.association(by: mechanism(of: answered))
                    ?? gate.association(with: answered.target)?.beside(request.pair.sender, by: .assertion)
            else { return [.pairFailed(answered, .overtaken)] + sendRequests(settings) }
            return open(association) + sendRequests(settings)
        // It was opened from the other side in the meantime.
        case .error where gate.association(of: answered) != nil: return sendRequests(settings)
        case .error(let error):
            // What the peer will not take beside others it may take alone (PS-05, DB-22).
            let mayUseOwnStream = answered.target != pair.target || error.condition == .resourceConstraint
            return [.pairFailed(answered, .refused(error, mayUseOwnStream: mayUseOwnStream))] + sendRequests(settings)
        case .invalid:
            // The peer is about to close: nothing more is to be sent on it (DB-07).
            return [.pairFailed(answered, .invalidKey)] + closeOrderly(nil)
        case .key, .unknown: return []
        }
    }

    private mutating func takeFirstAnswer(
        _ content: DialbackElement.Content, _ proven: ProvenDomain?
    ) -> [StreamAction] {
        switch content {
        case .valid:
            guard let proven else { return [] }
            return establish(proven.association(by: .serverIdentity))
        case .error(let error): return close(nil, firstPairFailure(.refused(error, mayUseOwnStream: false)))
        case .invalid: return close(nil, firstPairFailure(.invalidKey))
        case .key, .unknown: return []
        }
    }

    // MARK: - The peer's pairs, on a stream of both directions (BI-05)

    private func surroundings(_ settings: DialbackSettings) -> PairAdmission.Surroundings {
        PairAdmission.Surroundings(
            policy: policy ?? StreamPolicy(host: { _ in .unknown }), settings: settings, isEncrypted: facts.isEncrypted,
            streamID: streamID ?? "", tick: dialback.tick, carried: gate.incomingCount)
    }

    private mutating func takeRequest(
        _ element: DialbackElement, key: String, _ settings: DialbackSettings
    ) -> [StreamAction] {
        guard isBidirectional, state == .established, let policy else {
            return close(
                StreamError(.unsupportedStanzaType),
                .broken(reason: "\(pair.target) asked on a stream of one direction"))
        }
        guard element.kind == .result else {
            return KeyCheck.answer(element, key: key, policy, settings, isEncrypted: facts.isEncrypted).actions
        }
        guard gate.association(of: element.requestedPair)?.isIncoming != true else {
            return [.send(DialbackElement.result(element.spelling, .valid))]
        }
        return dialback.admission.request(element, key: key, surroundings(settings))
    }

    mutating func takeAnswer(_ answer: DialbackAnswer, to question: DialbackQuestion) -> [StreamAction] {
        guard let settings = policy?.dialback else { return [] }
        return follow(dialback.admission.take(answer, to: question, surroundings(settings)))
    }

    private mutating func follow(_ outcome: PairAdmission.Outcome) -> [StreamAction] {
        switch outcome {
        case .actions(let actions): return actions
        case .accepted(let proven, let answer):
            let isKnown = gate.association(with: proven.claim.claimedDomain) != nil
            return [answer] + open(proven.association(by: isKnown ? .supposition : .assertion, on: .outbound))
        case .forged(let spelling, let report):
            let error = DialbackError(.forbidden)
            return [.report(.dialback(report)), .send(DialbackElement.result(spelling, .error(error)))]
        }
    }

    /// What comes in is what the peer has proved, and nothing else (BI-03).
    mutating func deliver(_ stanzas: [Stanza]) -> [StreamAction] {
        let isOpen = state == .established
        let passage = gate.pass(stanzas) { [policy] in policy?.host($0) == .former }
        let actions = passage.runs.map { StreamAction.deliver($0.stanzas, over: $0.association) }
        guard let error = passage.error else {
            // What else is on its way has done nothing wrong.
            guard let error = passage.revocation, isOpen else { return actions }
            return actions + closeOrderly(error)
        }
        guard isOpen else { return actions + disconnect() }
        return actions + close(error, .broken(reason: "\(pair.target) sent what may not pass: \(error)"))
    }

    // MARK: - Time

    mutating func expireDialback() -> [StreamAction] {
        guard let settings = policy?.dialback else { return [] }
        dialback.advance()
        let parts = StreamDeadline.dialbackParts
        let late = dialback.requests.expire(at: dialback.tick, after: parts, inLine: settings.partsInLine)
        if state == .dialingBack, !late.isEmpty { return close(nil, firstPairFailure(.timedOut)) }
        let silent = dialback.questions.expire(at: dialback.tick, after: parts).map {
            StreamAction.answered(
                $0, .silent(reason: "\(address), the server of \(pair.target), did not answer in time"))
        }
        return dialback.admission.expire(at: dialback.tick, after: parts)
            + late.map { .pairFailed($0.pair, $0.failure) } + silent + (silent.isEmpty ? [] : restFromQuestions())
            + sendRequests(settings)
    }
}
