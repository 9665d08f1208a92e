public import DomainAssociation
public import XMPPModel

/// The initiating side of one stream (RFC 6120 §4): a value that takes events and answers with actions.
///
/// It is established when the peer has proved the target domain and has accepted our authentication.
public struct InitiatingStream: Sendable {
    enum State: Hashable, Sendable {
        case idle
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

    private var state = State.idle
    private var facts: StreamFacts
    private let pair: DomainPair
    private var features: [any StreamFeature]
    private let freshFeatures: [any StreamFeature]
    private var association: Association?
    private var isAccepted = false
    private var hasFailed = false
    /// What the peer said when it refused our authentication.
    private var refusal: String?

    /// Makes the initiating side for a pair.
    ///
    /// - Parameters:
    ///   - pair: Our domain as sender, the remote domain as target.
    ///   - isEncrypted: Whether TLS comes before the stream (XEP-0368).
    ///   - features: What can be negotiated, each fresh.
    public init(pair: DomainPair, isEncrypted: Bool, features: [any StreamFeature]) {
        self.pair = pair
        facts = StreamFacts(
            role: .initiating, isEncrypted: isEncrypted, localDomain: pair.sender, remoteDomain: pair.target)
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
            state = .closed
            return [.disconnect]
        case (.closing, _): return []
        case (.idle, .connected): return [.arm(.negotiation)] + (facts.isEncrypted ? [] : openStream())
        case (_, .secured(let presented)): return secure(presented)
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
            state = .closed
            return [.sendClosingTag, .disconnect]
                + fail(.broken(reason: "\(pair.target) closed the stream during negotiation"))
        case (_, .failed(let error)):
            return close(error, .broken(reason: "\(pair.target) sent what cannot be read: \(error)"))
        case (_, .deadlinePassed(.negotiation)):
            return close(
                StreamError(.connectionTimeout),
                .broken(reason: "\(pair.target) did not finish the negotiation in time"))
        case (.established, .deadlinePassed(.idle)): return closeOrderly(nil)
        case (.established, .deadlinePassed(.keepalive)): return [.sendWhitespace, .arm(.keepalive)]
        case (_, .deadlinePassed): return []
        case (_, .closeRequested(let error)): return closeOrderly(error)
        case (_, .connected): return []
        }
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

    private mutating func secure(_ presented: Bool) -> [StreamAction] {
        // Nothing that the unprotected stream said counts any more (TL-05).
        facts = StreamFacts(
            role: .initiating, isEncrypted: true, localDomain: pair.sender, remoteDomain: pair.target,
            presentedCertificate: presented)
        features = freshFeatures
        return openStream()
    }

    private mutating func check(_ header: StreamHeader) -> [StreamAction] {
        if let error = HeaderCheck.initiating(header, remote: pair.target, isProtected: facts.isEncrypted) {
            return close(error, .broken(reason: "\(pair.target) answered with a wrong header: \(error)"))
        }
        guard header.version != nil else {
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
        if isAccepted, let proven = facts.proven {
            let association = proven.association(by: .serverIdentity)
            self.association = association
            state = .established
            return [.disarm(.negotiation), .established(association), .arm(.idle), .arm(.keepalive)]
        }
        let known = features.reduce(into: Set<String>()) { $0.formUnion($1.namespaces) }
        let unknownRequired = announced.elements.first { element in
            !known.contains(element.namespace) && element.elements.contains { $0.name == "required" }
        }
        if let unknownRequired {
            return close(
                StreamError(.unsupportedFeature, "\(unknownRequired.namespace) is not supported"),
                .broken(reason: "\(pair.target) requires the feature \(unknownRequired.namespace)"))
        }
        let refused = refusal.map { "it refused EXTERNAL: \($0)" } ?? "it does not offer EXTERNAL for our certificate"
        return close(nil, .unauthenticated(reason: "\(pair.target) did not accept \(pair.sender): \(refused)"))
    }

    private mutating func perform(_ featureActions: [FeatureAction]) -> (actions: [StreamAction], waits: Bool) {
        var actions: [StreamAction] = []
        var waits = false
        for action in featureActions {
            switch action {
            case .send(let element): actions.append(.send(element))
            case .startTLS:
                state = .awaitingHeader
                actions.append(.startTLS)
            case .waitForPeer: waits = true
            case .authenticated:
                isAccepted = true
                facts.hasAssociation = true
                actions.append(.restart)
                actions += openStream()
            case .adoptPeerLimits(let limits): actions.append(.adoptPeerLimits(limits))
            case .close(let error): actions += close(error, .broken(reason: "the negotiation broke"))
            case .giveUp(let reason): actions += close(nil, .unauthenticated(reason: reason))
            case .report(let report):
                if case .authenticationRefused(let condition, let text) = report {
                    refusal = text.map { "\(condition) (\($0))" } ?? condition
                }
                actions.append(.report(report))
            }
        }
        return (actions, waits)
    }

    private mutating func takeError(_ error: StreamError) -> [StreamAction] {
        state = .closed
        let failure: StreamFailure
        switch error.condition {
        case .hostUnknown, .hostGone: failure = .refused(error)
        case .seeOtherHost where facts.isEncrypted && facts.proven != nil:
            failure = error.otherHost.map { .redirected(to: $0) } ?? .broken(reason: "see-other-host names nobody")
        case .notAuthorized, .policyViolation, .invalidFrom:
            failure = .unauthenticated(reason: "\(pair.target) refused the stream: \(error)")
        default: failure = .broken(reason: "\(pair.target) ended the stream: \(error)")
        }
        return [.report(.peerError(error)), .sendClosingTag, .disconnect] + fail(failure)
    }

    // MARK: - Closing

    private mutating func close(_ error: StreamError?, _ failure: StreamFailure) -> [StreamAction] {
        var actions: [StreamAction] = []
        if let error { actions += [.report(.closing(error)), .send(error.element)] }
        let wasOpen = state != .idle
        let failed = fail(failure)
        state = .closed
        return actions + (wasOpen ? [.sendClosingTag] : []) + [.disconnect] + failed
    }

    private mutating func closeOrderly(_ error: StreamError?) -> [StreamAction] {
        var actions: [StreamAction] = error.map { [.send($0.element)] } ?? []
        actions += fail(.broken(reason: "the stream was closed by us"))
        guard state != .idle else {
            state = .closed
            return [.disconnect] + actions
        }
        state = .closing
        return actions + [
            .disarm(.idle), .disarm(.keepalive), .disarm(.negotiation), .sendClosingTag, .arm(.closing),
        ]
    }

    /// An established stream that ends is no failed attempt.
    private mutating func fail(_ failure: StreamFailure) -> [StreamAction] {
        guard association == nil, !hasFailed else { return [] }
        hasFailed = true
        return [.fail(failure)]
    }
}
