public import DomainAssociation
public import XMPPModel

/// The initiating side of one stream (RFC 6120 §4): a value that takes events and answers with actions.
///
/// It is established when the peer has proved the target domain and has accepted our authentication.
public struct InitiatingStream: Sendable {
    private enum State: Hashable, Sendable {
        case idle
        /// Whatever arrives belongs to TLS, and nothing may be said in clear (TL-03, TL-06).
        case securing
        case awaitingHeader
        case awaitingFeatures
        /// The peer's features are at hand; the proof of the target domain is not.
        case awaitingProof(XMLElement)
        /// A feature waits for the peer's answer.
        case negotiating(XMLElement)
        case established
        case closing
        case closed
    }

    private var state: State
    private var facts: StreamFacts
    private let pair: DomainPair
    private var features: [any StreamFeature]
    private let freshFeatures: [any StreamFeature]
    private var association: Association?
    private var isAccepted = false
    private var hasFailed = false
    /// What the peer said when it refused our authentication.
    private var refusal: AuthenticationRefusal?

    /// Makes the initiating side for a pair.
    ///
    /// - Parameters:
    ///   - pair: Our domain as sender, the remote domain as target.
    ///   - isEncrypted: Whether TLS comes before the stream (XEP-0368).
    ///   - isTLSMandatory: Whether a server that does not come up with TLS is refused, whatever it can do in clear (DA-08,
    ///     DA-09, PT-05).
    ///   - features: What can be negotiated, each fresh.
    public init(pair: DomainPair, isEncrypted: Bool, isTLSMandatory: Bool = true, features: [any StreamFeature]) {
        self.pair = pair
        facts = StreamFacts(
            role: .initiating, isEncrypted: isEncrypted, isTLSMandatory: isTLSMandatory, localDomain: pair.sender,
            remoteDomain: pair.target)
        state = isEncrypted ? .securing : .idle
        freshFeatures = features.sorted { $0.stage < $1.stage }
        self.features = freshFeatures
    }

    /// Whether stanzas flow.
    public var isEstablished: Bool { state == .established }
    /// The pair that the stream carries.
    public var associations: [Association] { association.map { [$0] } ?? [] }
    /// The facts, for `streams`.
    public var summary: StreamFacts { facts }

    /// Takes what happened and says what is to be done. Never throws and never traps: whatever a peer sends has an
    /// answer.
    public mutating func handle(_ event: StreamEvent) -> [StreamAction] {
        switch (state, event) {
        case (.closed, _): return []
        case (.closing, .closedByPeer), (.closing, .deadlinePassed(.closing)), (.closing, .failed):
            return disconnect()
        case (.closing, .elementReceived(let element)) where element.is(Namespace.stream, "error"):
            return [.report(.peerError(StreamError(element)))] + disconnect()
        case (.closing, _): return []
        case (.idle, .connected): return [.arm(.negotiation)] + openStream()
        case (.idle, _), (.securing, _): return awaitTLS(event)
        case (.awaitingHeader, .headerReceived(let header, _)): return check(header)
        case (_, .headerReceived):
            return close(StreamError(.badFormat), .broken(reason: "the peer opened its stream twice"))
        case (_, .proofConcluded(let conclusion)): return conclude(conclusion)
        case (_, .elementReceived(let element)): return receive(element)
        case (_, .stanzasReceived):
            return close(
                StreamError(.notAuthorized, "this stream carries stanzas from \(pair.sender) only"),
                .broken(reason: "\(pair.target) sent stanzas on a stream that we opened"))
        case (_, .closedByPeer):
            return close(nil, .broken(reason: "\(pair.target) closed the stream during negotiation"))
        case (_, .failed(let error)):
            return close(error, .broken(reason: "\(pair.target) sent what cannot be read: \(error)"))
        case (.established, .deadlinePassed(.idle)): return closeOrderly(nil)
        case (.established, .deadlinePassed(.keepalive)): return [.checkPeer, .arm(.keepalive)]
        case (.established, .peerAnswered): return [.disarm(.answer)]
        case (.established, .deadlinePassed(.answer)):
            return closeOrderly(StreamError(.connectionTimeout, "a ping was not answered"))
        case (_, .peerAnswered): return []
        case (.established, .deadlinePassed): return []
        case (_, .deadlinePassed(.negotiation)): return close(StreamError(.connectionTimeout), lateness)
        case (_, .closeRequested(let error)): return closeOrderly(error)
        case (_, .deadlinePassed), (_, .connected), (_, .secured): return []
        }
    }

    private var lateness: StreamFailure {
        .broken(reason: "\(pair.target) did not finish the negotiation in time")
    }

    // MARK: - TLS

    /// Nothing of XML is said in answer to anything: there is no stream, or its bytes belong to TLS.
    private mutating func awaitTLS(_ event: StreamEvent) -> [StreamAction] {
        switch event {
        case .connected: return [.arm(.negotiation)]
        case .secured(let presentedCertificate): return state == .securing ? secure(presentedCertificate) : []
        // A handshake that comes to nothing leaves no XML behind, not even a closing tag (RFC 6120 §5.4.3.2).
        case .closedByPeer:
            return fail(.broken(reason: "\(pair.target) closed the connection during the TLS handshake")) + disconnect()
        case .failed(let error):
            return fail(.broken(reason: "\(pair.target) sent what cannot be read: \(error)")) + disconnect()
        case .deadlinePassed(.negotiation): return fail(lateness) + disconnect()
        case .closeRequested: return fail(.broken(reason: "the stream was closed by us")) + disconnect()
        case .headerReceived, .elementReceived, .stanzasReceived, .proofConcluded, .peerAnswered, .deadlinePassed:
            return []
        }
    }

    private mutating func secure(_ presentedCertificate: Bool) -> [StreamAction] {
        // Nothing that the unprotected stream said counts any more (TL-05).
        facts = StreamFacts(
            role: .initiating, isEncrypted: true, isTLSMandatory: facts.isTLSMandatory, localDomain: pair.sender,
            remoteDomain: pair.target, presentedCertificate: presentedCertificate)
        features = freshFeatures
        return openStream()
    }

    // MARK: - Opening

    private mutating func openStream() -> [StreamAction] {
        state = .awaitingHeader
        return [
            .sendHeader(
                StreamHeader(
                    from: pair.sender.description, to: pair.target.description, language: StreamPolicy.language,
                    declaresDialback: true))
        ]
    }

    private mutating func check(_ header: StreamHeader) -> [StreamAction] {
        if let error = HeaderCheck.initiating(header, remote: pair.target, isProtected: facts.isEncrypted) {
            return close(error, .broken(reason: "\(pair.target) answered with a wrong header: \(error)"))
        }
        guard HeaderCheck.isCurrent(header.version) else {
            return close(
                StreamError(.unsupportedVersion, "XMPP 1.0 is required"),
                .unauthenticated(reason: "\(pair.target) speaks XMPP before 1.0, which knows no TLS"))
        }
        state = .awaitingFeatures
        // The target's identity is decided before anything is said that only the right peer should hear.
        return facts.isEncrypted && facts.proven == nil ? [.prove(pair, .target)] : []
    }

    private mutating func conclude(_ conclusion: ProofConclusion) -> [StreamAction] {
        guard conclusion.claim.pair == pair, conclusion.claim.side == .target, facts.isEncrypted else { return [] }
        switch conclusion {
        case .proven(let proven):
            facts.proven = proven
            guard case .awaitingProof(let announced) = state else { return [] }
            return takeTurns(announced)
        case .refused:
            return [.report(.proofRefused(conclusion))]
                + close(nil, .unauthenticated(reason: "\(pair.target) could not be proved: \(conclusion.explanation)"))
        }
    }

    // MARK: - Negotiating

    private mutating func receive(_ element: XMLElement) -> [StreamAction] {
        if element.is(Namespace.stream, "error") { return takeError(StreamError(element)) }
        if element.is(Namespace.stream, "features") {
            guard state == .awaitingFeatures else { return [] }
            guard !facts.isEncrypted || facts.proven != nil else {
                state = .awaitingProof(element)
                return []
            }
            return takeTurns(element)
        }
        guard case .negotiating(let announced) = state,
            let index = features.firstIndex(where: { $0.namespaces.contains(element.namespace) })
        else { return close(StreamError(.unsupportedStanzaType), .broken(reason: "unexpected <\(element.name)/>")) }
        let outcome = perform(features[index].handle(.received(element), on: facts))
        guard case .negotiating = state, !outcome.waits else { return outcome.actions }
        return outcome.actions + takeTurns(announced, after: index)
    }

    /// Gives each feature its turn by stage; the turn passes on unless one waits for the peer.
    private mutating func takeTurns(_ announced: XMLElement, after last: Int = -1) -> [StreamAction] {
        state = .negotiating(announced)
        var actions: [StreamAction] = []
        for index in features.indices where index > last {
            let own = announced.elements.first { features[index].namespaces.contains($0.namespace) }
            let outcome = perform(features[index].handle(.advertised(own), on: facts))
            actions += outcome.actions
            guard case .negotiating = state, !outcome.waits else { return actions }
        }
        return actions + finish(announced)
    }

    /// Nobody waits for anything any more: the stream is established, or it cannot be.
    private mutating func finish(_ announced: XMLElement) -> [StreamAction] {
        // Whatever a feature made of it in clear.
        guard facts.isEncrypted || !facts.isTLSMandatory else {
            return close(nil, .unauthenticated(reason: "\(pair.target) did not start TLS, which is demanded of it"))
        }
        // While something unknown is required the negotiation is not complete (RFC 6120 §4.3.5).
        if let namespace = unknownRequirement(in: announced) {
            return close(
                StreamError(.unsupportedFeature, "\(namespace) is not supported"),
                .broken(reason: "\(pair.target) requires the feature \(namespace)"))
        }
        guard isAccepted, let proven = facts.proven else { return close(nil, refusalFailure) }
        let association = proven.association(by: .serverIdentity)
        self.association = association
        state = .established
        return [.disarm(.negotiation), .established(association), .arm(.idle), .arm(.keepalive)]
    }

    private func unknownRequirement(in announced: XMLElement) -> String? {
        announced.elements.first { element in
            !features.contains { $0.namespaces.contains(element.namespace) }
                && element.elements.contains { $0.name == "required" }
        }?.namespace
    }

    private var refusalFailure: StreamFailure {
        let refused =
            refusal.map { "it refused EXTERNAL: \($0)" } ?? "it does not offer EXTERNAL for our certificate"
        let reason = "\(pair.target) did not accept \(pair.sender): \(refused)"
        return refusal?.isTemporary == true ? .broken(reason: reason) : .unauthenticated(reason: reason)
    }

    private mutating func perform(_ featureActions: [FeatureAction]) -> (actions: [StreamAction], waits: Bool) {
        var actions: [StreamAction] = []
        var waits = false
        for action in featureActions {
            switch action {
            case .send(let element): actions.append(.send(element))
            case .startTLS:
                state = .securing
                actions.append(.startTLS)
            case .waitForPeer: waits = true
            case .authenticated:
                isAccepted = true
                facts.hasAssociation = true
                actions.append(.restart)
                actions += openStream()
            case .adoptPeerLimits(let limits): actions.append(.adoptPeerLimits(limits))
            case .close(let error):
                let reason = "\(pair.target) broke the rules of the negotiation"
                return (actions + close(error, .broken(reason: reason)), false)
            case .giveUp(let reason): return (actions + close(nil, .unauthenticated(reason: reason)), false)
            case .report(let report):
                if case .authenticationRefused(let condition, let text) = report {
                    refusal = AuthenticationRefusal(condition: condition, text: text)
                }
                actions.append(.report(report))
            }
        }
        return (actions, waits)
    }

    private mutating func takeError(_ error: StreamError) -> [StreamAction] {
        let failure: StreamFailure
        switch error.condition {
        case .hostUnknown, .hostGone: failure = .refused(error)
        // Only who has proved to be the target may send us elsewhere.
        case .seeOtherHost where facts.proven != nil:
            let place = error.otherHost ?? ""
            failure = place.isEmpty ? .broken(reason: "see-other-host names nobody") : .redirected(to: place)
        case .notAuthorized, .policyViolation, .invalidFrom, .conflict:
            failure = .unauthenticated(reason: "\(pair.target) refused the stream: \(error)")
        default: failure = .broken(reason: "\(pair.target) ended the stream: \(error)")
        }
        return [.report(.peerError(error))] + close(nil, failure)
    }

    // MARK: - Closing

    /// Ends an open stream, with an error of ours or without.
    private mutating func close(_ error: StreamError?, _ failure: StreamFailure) -> [StreamAction] {
        var actions: [StreamAction] = []
        if let error { actions += [.report(.closing(error)), .send(error.element)] }
        return actions + [.sendClosingTag] + fail(failure) + disconnect()
    }

    /// Sends the closing tag and waits for the peer's (XS-17).
    private mutating func closeOrderly(_ error: StreamError?) -> [StreamAction] {
        state = .closing
        return (error.map { [.send($0.element)] } ?? []) + fail(.broken(reason: "the stream was closed by us")) + [
            .disarm(.idle), .disarm(.keepalive), .disarm(.answer), .disarm(.negotiation), .sendClosingTag,
            .arm(.closing),
        ]
    }

    private mutating func disconnect() -> [StreamAction] {
        state = .closed
        return [.disconnect]
    }

    /// Comes before ``StreamAction/disconnect``, after which nobody waits for a reason any more. An established stream
    /// that ends is no failed attempt.
    private mutating func fail(_ failure: StreamFailure) -> [StreamAction] {
        guard association == nil, !hasFailed else { return [] }
        hasFailed = true
        return [.fail(failure)]
    }
}
