public import DomainAssociation
public import XMPPModel

/// The initiating side of one stream (RFC 6120 §4): a value that takes events and answers with actions.
///
/// It is established when the peer has proved the target domain and has accepted our authentication.
public struct InitiatingStream: Sendable {
    /// What a stream is opened for.
    public enum Purpose: Hashable, Sendable {
        /// Stanzas of its pair, and of others that join it.
        case stanzas
        /// Questions about keys; nobody on it is authenticated but the peer, as far as that goes (DB-14).
        case questions
    }

    enum State: Hashable, Sendable {
        case idle
        /// Whatever arrives belongs to TLS, and nothing may be said in clear (TL-03, TL-06).
        case securing
        case awaitingHeader
        case awaitingFeatures
        /// The peer's features are at hand; the proof of the target domain is not.
        case awaitingProof(XMLElement)
        /// A feature waits for the peer's answer.
        case negotiating(XMLElement)
        /// Our first `db:result` waits for its answer.
        case dialingBack
        case established
        /// Questions are taken.
        case answering
        case closing
        case closed
    }

    var state: State
    var facts: StreamFacts
    let pair: DomainPair
    let purpose: Purpose
    /// Nil where there is nothing but EXTERNAL.
    let policy: StreamPolicy?
    /// Where the peer was dialled, for people.
    let address: String
    private var features: [any StreamFeature]
    private let freshFeatures: [any StreamFeature]
    var gate = StanzaGate()
    var dialback = DialbackState()
    /// What the prooftypes say of the peer as the target.
    var conclusion: ProofConclusion?
    /// The identifier of the peer's response header (DK-04).
    var streamID: String?
    /// Whether the peer's header declares dialback's namespace, or its features announce it.
    var knowsDialback = false
    /// Whether the peer knows features, as XMPP does since 1.0.
    var knowsFeatures = true
    /// Whether the peer announces dialback errors, without which no further target is asked for (PS-03).
    var knowsDialbackErrors = false
    /// Whether we have asked for stanzas in both directions (BI-02).
    public internal(set) var isBidirectional = false
    var isAccepted = false
    var hasTriedExternal = false
    /// Whether its first pair was open, so that it is no attempt any more.
    var wasEstablished = false
    /// Whether it has been told how the attempt came out.
    private var hasOutcome = false
    /// What the peer said when it refused our authentication.
    var refusal: AuthenticationRefusal?

    /// Makes the initiating side for a pair.
    ///
    /// - Parameters:
    ///   - pair: Our domain as sender, the remote domain as target.
    ///   - isEncrypted: Whether TLS comes before the stream (XEP-0368).
    ///   - isTLSMandatory: Whether a server that does not come up with TLS is refused, whatever it can do in clear (DA-08,
    ///     DA-09, PT-05).
    ///   - asksForTLS: Whether TLS is asked for even of a server that does not offer it; false for another try after
    ///     ``StreamFailure/encryptionRefused(reason:)``, and of no effect where TLS is mandatory.
    ///   - features: What can be negotiated, each fresh.
    ///   - purpose: What it is opened for.
    ///   - policy: What has to be known for dialback; nil where pairs are proved by EXTERNAL alone.
    ///   - address: Where the peer was dialled, for people.
    public init(
        pair: DomainPair, isEncrypted: Bool, isTLSMandatory: Bool = true, asksForTLS: Bool = true,
        features: [any StreamFeature], purpose: Purpose = .stanzas, policy: StreamPolicy? = nil, address: String = ""
    ) {
        self.pair = pair
        self.purpose = purpose
        self.policy = policy
        self.address = address
        facts = StreamFacts(
            role: .initiating, isEncrypted: isEncrypted, isTLSMandatory: isTLSMandatory, localDomain: pair.sender,
            remoteDomain: pair.target)
        facts.asksForTLS = asksForTLS || isTLSMandatory
        state = isEncrypted ? .securing : .idle
        freshFeatures = features.sorted { $0.stage < $1.stage }
        self.features = freshFeatures
    }

    /// Whether stanzas flow.
    public var isEstablished: Bool { state == .established }
    /// The pairs that the stream carries.
    public var associations: [Association] { gate.associations }
    /// The association of a pair; nil when the stream does not carry it.
    public func association(of pair: DomainPair) -> Association? { gate.association(of: pair) }
    /// Whether pairs were taken off it that have not been proved again.
    public var hasRevoked: Bool { gate.hasRevoked }
    /// How many pairs go out on the stream.
    public var outgoingCount: Int { gate.associations.count - gate.incomingCount }
    /// The facts, for `streams`.
    public var summary: StreamFacts { facts }

    /// Takes what happened and says what is to be done. Never throws and never traps: whatever a peer sends has an
    /// answer.
    public mutating func handle(_ event: StreamEvent) -> [StreamAction] {
        let actions = react(to: event)
        return policy?.dialback == nil ? actions : keepDialback(actions)
    }

    private mutating func react(to event: StreamEvent) -> [StreamAction] {
        switch (state, event) {
        case (.closed, _): return []
        case (.closing, .closedByPeer), (.closing, .deadlinePassed(.closing)), (.closing, .failed):
            return disconnect()
        case (.closing, .elementReceived(let element)) where element.is(Namespace.stream, "error"):
            return [.report(.peerError(StreamError(element)))] + disconnect()
        case (.closing, .stanzasReceived(let stanzas)) where isBidirectional: return deliver(stanzas)
        case (.closing, .associate(let pair)): return [.pairFailed(pair, .overtaken)]
        case (_, .revoke(let pairs, let revocation)): return revoke(pairs, revocation)
        case (.closing, .ask(let question)): return [.answered(question, .silent(reason: "the stream is closing"))]
        case (.closing, _): return []
        case (.idle, .connected): return [.arm(.negotiation)] + openStream()
        case (.idle, _), (.securing, _): return awaitTLS(event)
        case (.awaitingHeader, .headerReceived(let header, _)): return check(header)
        case (_, .headerReceived):
            return close(StreamError(.badFormat), .broken(reason: "the peer opened its stream twice"))
        case (_, .proofConcluded(let conclusion)): return conclude(conclusion)
        case (_, .elementReceived(let element)): return receive(element)
        case (_, .associate(let pair)): return associate(pair)
        case (_, .ask(let question)): return ask(question)
        case (_, .questionAnswered(let question, let answer)): return takeAnswer(answer, to: question)
        case (.established, .stanzasReceived(let stanzas)) where isBidirectional: return deliver(stanzas)
        case (_, .stanzasReceived):
            return close(
                StreamError(.notAuthorized, "this stream carries stanzas from \(pair.sender) only"),
                .broken(reason: "\(pair.target) sent stanzas on a stream that we opened"))
        case (_, .closedByPeer): return close(nil, closureFailure)
        case (_, .failed(let error)):
            return close(error, .broken(reason: "\(pair.target) sent what cannot be read: \(error)"))
        case (.established, .deadlinePassed(.idle)): return closeOrderly(nil)
        case (.established, .deadlinePassed(.keepalive)): return [.checkPeer, .arm(.keepalive)]
        case (.established, .peerAnswered): return [.disarm(.answer)]
        case (.established, .deadlinePassed(.answer)):
            return closeOrderly(StreamError(.connectionTimeout, "a ping was not answered"))
        case (_, .peerAnswered): return []
        case (_, .deadlinePassed(.dialback)): return expireDialback()
        case (.established, .deadlinePassed): return []
        case (_, .deadlinePassed(.negotiation)): return close(StreamError(.connectionTimeout), lateness)
        case (.answering, .deadlinePassed(.verifyIdle)): return dialback.questions.isEmpty ? closeOrderly(nil) : []
        case (_, .closeRequested(let error)): return closeOrderly(error)
        case (_, .deadlinePassed), (_, .connected), (_, .secured): return []
        }
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
        case .associate(let pair): return associate(pair)
        case .ask(let question): return ask(question)
        case .headerReceived, .elementReceived, .stanzasReceived, .proofConcluded, .peerAnswered, .deadlinePassed,
            .questionAnswered, .revoke:
            return []
        }
    }

    private mutating func secure(_ presentedCertificate: Bool) -> [StreamAction] {
        // Nothing that the unprotected stream said counts any more (TL-05).
        facts = StreamFacts(
            role: .initiating, isEncrypted: true, isTLSMandatory: facts.isTLSMandatory, localDomain: pair.sender,
            remoteDomain: pair.target, presentedCertificate: presentedCertificate)
        features = freshFeatures
        (knowsDialback, knowsDialbackErrors, isBidirectional) = (false, false, false)
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
        streamID = header.id.flatMap { $0.isEmpty ? nil : $0 }
        knowsDialback = header.declaresDialback
        guard HeaderCheck.isCurrent(header.version) else { return takeLegacyHeader() }
        state = .awaitingFeatures
        // The target's identity is decided before anything is said that only the right peer should hear.
        return facts.isEncrypted && conclusion == nil ? [.prove(pair, .target)] : []
    }

    private mutating func conclude(_ conclusion: ProofConclusion) -> [StreamAction] {
        guard conclusion.claim.pair == pair, conclusion.claim.side == .target, awaitsProof, self.conclusion == nil,
            !wasEstablished
        else { return concludePair(conclusion) }
        self.conclusion = conclusion
        facts.proven = admitted(conclusion)
        guard facts.proven != nil || mayAsk(conclusion) else {
            return [.report(.proofRefused(conclusion))]
                + close(nil, .unauthenticated(reason: "\(pair.target) could not be proved: \(conclusion.explanation)"))
        }
        guard case .awaitingProof(let announced) = state else { return [] }
        return takeTurns(announced)
    }

    // MARK: - Negotiating

    private mutating func receive(_ element: XMLElement) -> [StreamAction] {
        if element.is(Namespace.stream, "error") { return takeError(StreamError(element)) }
        if element.is(Namespace.stream, "features") {
            guard state == .awaitingFeatures else { return [] }
            guard !facts.isEncrypted || conclusion != nil else {
                state = .awaitingProof(element)
                return []
            }
            return staysInClear(element) ? proveInClear(element) : takeTurns(element)
        }
        if element.namespace == Namespace.dialback, let settings = policy?.dialback, takesDialback {
            return takeDialback(element, settings)
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
        for index in features.indices where index > last && hasTurn(features[index]) {
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
        if purpose == .questions {
            hasOutcome = true
            return beginAnswering()
        }
        guard isAccepted, let proven = facts.proven else { return dialBack() ?? close(nil, refusalFailure) }
        return establish(proven.association(by: .serverIdentity))
    }

    /// A stream for questions needs TLS and nothing else: nobody is authenticated on it.
    private func hasTurn(_ feature: any StreamFeature) -> Bool {
        knowsFeatures
            && (purpose == .stanzas || feature.stage == .encryption || feature.stage == .afterAuthentication)
    }

    /// The first pair is open, and with it the negotiation is over.
    mutating func establish(_ association: Association) -> [StreamAction] {
        state = .established
        wasEstablished = true
        facts.hasAssociation = true
        return [.disarm(.negotiation)] + open(association) + [.arm(.idle), .arm(.keepalive)] + associateHeld()
    }

    private func unknownRequirement(in announced: XMLElement) -> String? {
        announced.elements.first { element in
            !features.contains { $0.namespaces.contains(element.namespace) }
                && element.elements.contains { $0.name == "required" }
        }?.namespace
    }

    private mutating func perform(_ featureActions: [FeatureAction]) -> (actions: [StreamAction], waits: Bool) {
        var actions: [StreamAction] = []
        var waits = false
        for action in featureActions {
            switch action {
            case .send(let element):
                if element.is(Namespace.sasl, "auth") { hasTriedExternal = true }
                actions.append(.send(element))
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
            case .useBothDirections: isBidirectional = facts.isEncrypted
            case .dialbackAnnounced(let withErrors):
                knowsDialback = true
                knowsDialbackErrors = withErrors
            case .close(let error):
                let reason = "\(pair.target) broke the rules of the negotiation"
                return (actions + close(error, .broken(reason: reason)), false)
            case .giveUp(let reason):
                return (actions + close(nil, unofferedTLSFailure ?? .unauthenticated(reason: reason)), false)
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
        // Before the stream ends, which would look like silence (DB-18).
        let isUnknown = error.condition == .hostUnknown || error.condition == .hostGone
        return [.report(.peerError(error))] + (isUnknown ? answerUnknownHost(error) : [])
            + close(nil, failure(of: error))
    }

    // MARK: - Closing

    /// Ends an open stream, with an error of ours or without.
    mutating func close(_ error: StreamError?, _ failure: StreamFailure) -> [StreamAction] {
        var actions: [StreamAction] = []
        if let error { actions += [.report(.closing(error)), .send(error.element)] }
        return actions + [.sendClosingTag] + fail(failure) + disconnect()
    }

    /// Sends the closing tag and waits for the peer's (XS-17).
    mutating func closeOrderly(_ error: StreamError?) -> [StreamAction] {
        state = .closing
        return (error.map { [.send($0.element)] } ?? []) + fail(.broken(reason: "the stream was closed by us")) + [
            .disarm(.idle), .disarm(.keepalive), .disarm(.answer), .disarm(.negotiation), .sendClosingTag,
            .arm(.closing),
        ]
    }

    mutating func disconnect() -> [StreamAction] {
        state = .closed
        return [.disconnect]
    }

    /// Comes before ``StreamAction/disconnect``, after which nobody waits for a reason any more. An established stream
    /// that ends is no failed attempt.
    private mutating func fail(_ failure: StreamFailure) -> [StreamAction] {
        guard !wasEstablished, !hasOutcome else { return [] }
        hasOutcome = true
        return [.fail(failure)]
    }
}
