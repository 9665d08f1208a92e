internal import DomainAssociation
internal import XMPPModel

extension ReceivingStream {
    /// The connection is gone without a word to the stream: ends what still waits on it.
    public mutating func abandon() -> [StreamAction] {
        let actions = dialback.endAll(isByPeer: true, reason: "the connection broke")
        state = .closed
        return actions
    }

    /// Keeps the clock, and ends what waits with the stream.
    mutating func keepDialback(_ actions: [StreamAction]) -> [StreamAction] {
        var actions = actions
        switch state {
        case .closing, .closed:
            let isByPeer = if case .closed = state { true } else { false }
            actions.appendBeforeEnd(dialback.endAll(isByPeer: isByPeer, reason: "the stream was closed"))
        case .securing, .awaitingHeader, .awaitingProof, .negotiating, .established:
            if let action = dialback.clockAction() { actions.append(action) }
        }
        return actions
    }

    private func surroundings(_ settings: DialbackSettings) -> PairAdmission.Surroundings {
        PairAdmission.Surroundings(
            policy: policy, settings: settings, isEncrypted: facts.isEncrypted, streamID: streamID,
            tick: dialback.tick, carried: gate.incomingCount)
    }

    // MARK: - Elements

    mutating func takeDialback(_ element: XMLElement, _ settings: DialbackSettings) -> [StreamAction] {
        do throws(DialbackElement.Fault) {
            return take(try DialbackElement(element, to: facts.localDomain), element, settings)
        } catch {
            return close(error.streamError)
        }
    }

    private mutating func take(
        _ element: DialbackElement, _ whole: XMLElement, _ settings: DialbackSettings
    ) -> [StreamAction] {
        guard case .key(let key) = element.content else { return takeAnswer(element) }
        let check =
            element.kind == .verify
            ? KeyCheck.answer(element, key: key, policy, settings, isEncrypted: facts.isEncrypted) : nil
        // A server that we dialled may have thousands of our keys to ask about.
        if gate.associations.isEmpty, check?.isOurs != true {
            dialback.requestsBeforeProof += 1
            guard dialback.requestsBeforeProof <= settings.requestsBeforeProof else {
                return close(StreamError(.policyViolation, "too many requests without a proof"))
            }
        }
        if let check { return check.actions }
        // What opens a pair would end the negotiation, and the features are still owed.
        if case .awaitingProof = state {
            guard early.count < settings.pendingPairsBeforeProof else {
                return close(StreamError(.policyViolation, "requests come before the features"))
            }
            early.append(whole)
            return []
        }
        // What is authorised already is said once more, and not proved again on this stream (XEP-0220 §2.5).
        guard gate.association(of: element.requestedPair)?.isIncoming != true else {
            return [.send(DialbackElement.result(element.spelling, .valid))]
        }
        return dialback.admission.request(element, key: key, surroundings(settings))
    }

    mutating func takeEarlyElements() -> [StreamAction] {
        let elements = early
        early = []
        guard let settings = policy.dialback else { return [] }
        return elements.flatMap { takeDialback($0, settings) }
    }

    // MARK: - The peer's pairs

    mutating func concludePair(_ conclusion: ProofConclusion) -> [StreamAction] {
        guard let settings = policy.dialback else { return [] }
        return follow(dialback.admission.conclude(conclusion, surroundings(settings)))
    }

    mutating func takeAnswer(_ answer: DialbackAnswer, to question: DialbackQuestion) -> [StreamAction] {
        guard let settings = policy.dialback else { return [] }
        return follow(dialback.admission.take(answer, to: question, surroundings(settings)))
    }

    private mutating func follow(_ outcome: PairAdmission.Outcome) -> [StreamAction] {
        switch outcome {
        case .actions(let actions): return actions
        case .accepted(let proven, let answer):
            // The answer goes first: no stanza of ours may come before it (BI-03).
            return [answer] + open(proven.association(by: mechanism(of: proven), on: .inbound))
        case .forged(let spelling, let report):
            guard gate.associations.isEmpty else {
                let error = DialbackError(.forbidden)
                return [.report(.dialback(report)), .send(DialbackElement.result(spelling, .error(error)))]
            }
            return [.report(.dialback(report)), .send(DialbackElement.result(spelling, .invalid))] + closeAndEnd()
        }
    }

    private func mechanism(of proven: ProvenDomain) -> Association.Mechanism {
        if gate.associations.isEmpty { return .dialback }
        return gate.association(with: proven.claim.claimedDomain) == nil ? .assertion : .supposition
    }

    // MARK: - Our pairs

    /// A pair of the other direction, which only a stream of both directions can carry (BI-05).
    mutating func associate(_ pair: DomainPair) -> [StreamAction] {
        if let association = gate.association(of: pair), !association.isIncoming { return [.established(association)] }
        guard let settings = policy.dialback, isBidirectional, state == .established else {
            return [.pairFailed(pair, .needsOwnStream(reason: "the stream carries one direction only"))]
        }
        guard policy.host(pair.sender) == .hosted, gate.association(with: pair.target) != nil else {
            return [.pairFailed(pair, .needsOwnStream(reason: "\(pair.target) is not proved on the stream"))]
        }
        guard !gate.isRevoked(pair) else {
            return [.pairFailed(pair, .needsOwnStream(reason: "what proved \(pair.target) holds no more"))]
        }
        guard !dialback.requests.contains(pair) else { return [] }
        guard dialback.requests.count < settings.pairsWaiting else {
            return [.pairFailed(pair, .needsOwnStream(reason: "too many pairs wait for \(pair.target)"))]
        }
        dialback.requests.line(up: pair, at: dialback.tick)
        return sendRequests(settings)
    }

    private mutating func sendRequests(_ settings: DialbackSettings) -> [StreamAction] {
        dialback.requests.takeTurns(limit: settings.requestsAtOnce, at: dialback.tick).map { pair in
            .send(DialbackElement.request(pair, key: settings.keys.key(for: pair, streamID: streamID)))
        }
    }

    private mutating func takeAnswer(_ element: DialbackElement) -> [StreamAction] {
        let pair = element.answeredPair
        // Without a request of ours, and without a direction of ours there is none, an answer has no effect (DB-10, BI-07).
        guard let settings = policy.dialback, element.kind == .result, element.content != .unknown,
            let wanted = dialback.requests.take(answered: pair)?.pair
        else { return [.report(.dialback(.unsolicited(pair, type: element.typeText)))] }
        let actions: [StreamAction]
        switch element.content {
        case .valid:
            guard let base = gate.association(with: pair.target) else {
                return [.pairFailed(pair, .overtaken)] + sendRequests(settings)
            }
            let association = base.beside(wanted.sender, by: .assertion)
            actions = gate.openFurther([association, association.reversed])
        // It was opened from the other side in the meantime.
        case .error where gate.association(of: pair) != nil: actions = []
        case .error(let error): actions = [.pairFailed(pair, .refused(error, mayUseOwnStream: true))]
        case .invalid: return [.pairFailed(pair, .invalidKey)] + closeOrderly(nil)
        case .key, .unknown: actions = []
        }
        return actions + sendRequests(settings)
    }

    // MARK: - Time

    mutating func expireDialback() -> [StreamAction] {
        guard let settings = policy.dialback else { return [] }
        dialback.advance()
        let parts = StreamDeadline.dialbackParts
        let refused = dialback.admission.expire(at: dialback.tick, after: parts)
        let late = dialback.requests.expire(at: dialback.tick, after: parts, inLine: settings.partsInLine)
        return refused + late.map { .pairFailed($0.pair, $0.failure) } + sendRequests(settings)
    }
}
