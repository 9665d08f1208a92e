public import DomainAssociation
public import XMPPModel

/// The receiving side of one stream (RFC 6120 §4): a value that takes events and answers with actions.
public struct ReceivingStream: Sendable {
    enum State: Hashable, Sendable {
        /// Whatever arrives belongs to TLS, and nothing may be said in clear (TL-03, TL-06).
        case securing
        case awaitingHeader
        /// The features wait for the conclusion of a proof (SE-02).
        case awaitingProof(DomainPair)
        case negotiating
        case established
        /// Our closing tag is out; stanzas are still taken when the close was orderly (XS-17).
        case closing(takesStanzas: Bool)
        case closed
    }

    var state: State
    var facts: StreamFacts
    let policy: StreamPolicy
    /// Used once at most: an error ends the stream.
    private let errorID: String
    private var features: [any StreamFeature]
    private let freshFeatures: [any StreamFeature]
    var gate = StanzaGate()
    var dialback = DialbackState()
    /// Dialback elements that came before the features had gone out.
    var early: [XMLElement] = []
    /// The identifier of the response header that is in force, over which keys are made (DB-12, DK-04).
    var streamID = ""
    /// Whether the peer has asked for stanzas in both directions, in time (BI-02).
    public internal(set) var isBidirectional = false
    /// Set by authentication; becomes an association with the header that follows.
    private var authenticated: (ProvenDomain, Association.Mechanism)?
    private var hasSentHeader = false

    /// Makes the receiving side of a connection that was just accepted.
    ///
    /// - Parameters:
    ///   - isEncrypted: Whether TLS comes before the stream (XEP-0368).
    ///   - features: What can be negotiated, each fresh.
    ///   - errorID: The unguessable identifier of the opening tag that precedes an error, where there is no header to
    ///     answer (RFC 6120 §4.7.3).
    public init(policy: StreamPolicy, isEncrypted: Bool, features: [any StreamFeature], errorID: String) {
        self.policy = policy
        self.errorID = errorID
        facts = StreamFacts(role: .receiving, isEncrypted: isEncrypted)
        facts.allowsDialback = policy.dialback != nil
        state = isEncrypted ? .securing : .awaitingHeader
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
        return policy.dialback == nil ? actions : keepDialback(actions)
    }

    private mutating func react(to event: StreamEvent) -> [StreamAction] {
        switch (state, event) {
        case (.closed, _): return []
        case (.securing, _): return awaitTLS(event)
        case (.established, .stanzasReceived(let stanzas)),
            (.closing(takesStanzas: true), .stanzasReceived(let stanzas)):
            return deliver(stanzas)
        case (.closing, .closedByPeer), (.closing, .deadlinePassed(.closing)), (.closing, .failed):
            return disconnect()
        case (.closing, .elementReceived(let element)) where element.is(Namespace.stream, "error"):
            return [.report(.peerError(StreamError(element)))] + disconnect()
        case (.closing, .associate(let pair)): return [.pairFailed(pair, .overtaken)]
        case (_, .revoke(let pairs, let revocation)): return revoke(pairs, revocation)
        case (_, .ask(let question)):
            // A key is asked about on a stream that we opened, and on no other (DB-13).
            return [.answered(question, .unreachable(reason: "the peer opened this stream"))]
        case (.closing, _): return []
        case (.awaitingHeader, .connected): return [.arm(.negotiation)]
        case (.awaitingHeader, .headerReceived(let header, let freshID)): return open(header, freshID)
        case (_, .headerReceived): return close(StreamError(.badFormat))
        case (.awaitingProof(let pair), .proofConcluded(let conclusion)): return announce(pair, conclusion)
        case (_, .proofConcluded(let conclusion)): return concludePair(conclusion)
        case (_, .questionAnswered(let question, let answer)): return takeAnswer(answer, to: question)
        case (_, .associate(let pair)): return associate(pair)
        case (_, .elementReceived(let element)): return receive(element)
        case (_, .stanzasReceived):
            return close(StreamError(.notAuthorized, "stanzas are taken after authentication only"))
        // Who leaves before a stream is open is owed no stream.
        case (.awaitingHeader, .closedByPeer): return disconnect()
        case (_, .closedByPeer): return closeAndEnd()
        case (_, .failed(let error)): return close(error)
        case (.awaitingHeader, .deadlinePassed(.negotiation)), (.awaitingProof, .deadlinePassed(.negotiation)),
            (.negotiating, .deadlinePassed(.negotiation)):
            return close(StreamError(.connectionTimeout, "the stream was not authenticated in time"))
        case (.established, .deadlinePassed(.idle)): return closeOrderly(nil)
        case (.established, .deadlinePassed(.keepalive)): return [.sendWhitespace, .arm(.keepalive)]
        case (.established, .closeRequested(let error)): return closeOrderly(error)
        case (_, .closeRequested(let error)): return error.map { close($0) } ?? closeOrderly(nil)
        case (_, .deadlinePassed(.dialback)): return expireDialback()
        case (_, .deadlinePassed), (_, .peerAnswered), (_, .connected), (_, .secured): return []
        }
    }

    // MARK: - TLS

    private mutating func awaitTLS(_ event: StreamEvent) -> [StreamAction] {
        switch event {
        case .connected: return [.arm(.negotiation)]
        case .secured(let presentedCertificate): return secure(presentedCertificate)
        // A handshake that comes to nothing leaves no XML behind, not even a closing tag (RFC 6120 §5.4.3.2).
        case .closedByPeer, .failed, .closeRequested, .deadlinePassed(.negotiation): return disconnect()
        case .associate(let pair): return [.pairFailed(pair, .overtaken)]
        case .ask(let question): return [.answered(question, .unreachable(reason: "the peer opened this stream"))]
        case .headerReceived, .elementReceived, .stanzasReceived, .proofConcluded, .peerAnswered, .deadlinePassed,
            .questionAnswered, .revoke:
            return []
        }
    }

    private mutating func secure(_ presentedCertificate: Bool) -> [StreamAction] {
        // Nothing that the unprotected stream said counts any more (TL-05).
        facts = StreamFacts(role: .receiving, isEncrypted: true, presentedCertificate: presentedCertificate)
        facts.allowsDialback = policy.dialback != nil
        dialback.forgetStream()
        isBidirectional = false
        features = freshFeatures
        state = .awaitingHeader
        hasSentHeader = false
        return []
    }

    // MARK: - Opening

    private mutating func open(_ header: StreamHeader, _ freshID: String) -> [StreamAction] {
        let checked = HeaderCheck.receiving(header, policy)
        facts.localDomain = checked.local
        facts.canEncrypt = checked.local.map(policy.hasCertificate) ?? false
        var actions: [StreamAction] = [
            .sendHeader(
                StreamHeader(
                    from: checked.local?.description ?? "", to: header.from ?? "", id: freshID,
                    version: header.version.map { min($0, .current) }, language: StreamPolicy.language,
                    declaresDialback: true))
        ]
        hasSentHeader = true
        streamID = freshID
        if let error = checked.error { return actions + close(error) }
        guard HeaderCheck.isCurrent(header.version) || !facts.isEncrypted else {
            return actions + close(StreamError(.unsupportedVersion, "TLS is of XMPP 1.0"))
        }
        if let (proven, mechanism) = authenticated {
            return actions + establish(proven, mechanism, checked)
        }
        facts.remoteDomain = checked.remote
        guard facts.isEncrypted else { return actions + negotiateInClear(header) }
        if let remote = checked.remote, !policy.isAllowed(remote) {
            return actions + close(StreamError(.policyViolation, "no federation with \(remote)"))
        }
        guard let remote = checked.remote, let local = checked.local else {
            // Without an address there is nobody to prove (SE-12).
            actions.append(.send(announcement()))
            state = .negotiating
            return actions
        }
        guard policy.host(remote) != .hosted else {
            return actions + close(StreamError(.invalidFrom, "\(remote) is served here"))
        }
        let pair = DomainPair(sender: remote, target: local)
        state = .awaitingProof(pair)
        actions.append(.prove(pair, .sender))
        return actions
    }

    /// TLS is what is waited for; of a peer that may do without, dialback as well (PT-05).
    private mutating func negotiateInClear(_ header: StreamHeader) -> [StreamAction] {
        facts.isTLSMandatory = !mayStayInClear(facts.remoteDomain)
        guard HeaderCheck.isCurrent(header.version) else {
            guard !facts.isTLSMandatory else {
                return close(StreamError(.policyViolation, "TLS is required, which needs XMPP 1.0"))
            }
            // Before 1.0 there are no features (XS-04).
            state = .negotiating
            return []
        }
        state = .negotiating
        return [.send(announcement())]
    }

    /// Whether the policy for a peer does without TLS; nobody knows that of one that does not say who it is.
    private func mayStayInClear(_ remote: DomainName?) -> Bool {
        guard let remote, let settings = policy.dialback, policy.isAllowed(remote) else { return false }
        return settings.rules(remote).policy.level == .verified
    }

    private mutating func announce(_ pair: DomainPair, _ conclusion: ProofConclusion) -> [StreamAction] {
        guard conclusion.claim.pair == pair, conclusion.claim.side == .sender else { return [] }
        var actions: [StreamAction] = []
        switch conclusion {
        case .proven(let proven): facts.proven = proven
        case .refused: actions.append(.report(.proofRefused(conclusion)))
        }
        state = .negotiating
        actions.append(.send(announcement()))
        return actions + takeEarlyElements()
    }

    private func announcement() -> XMLElement {
        XMLElement(Namespace.stream, "features", features.compactMap { $0.advertisement(on: facts) })
    }

    private mutating func establish(
        _ proven: ProvenDomain, _ mechanism: Association.Mechanism, _ checked: HeaderCheck
    ) -> [StreamAction] {
        // The proof was made for one pair; a header that names another one asks for what nobody proved.
        if let remote = checked.remote, remote != proven.claim.pair.sender {
            return close(StreamError(.invalidFrom, "the stream was authenticated as \(proven.claim.pair.sender)"))
        }
        guard checked.local == proven.claim.pair.target else {
            return close(StreamError(.improperAddressing, "authentication was for \(proven.claim.pair.target)"))
        }
        return [.send(announcement())] + open(proven.association(by: mechanism))
    }

    /// A pair is open from now on, with the first of which the negotiation is over.
    mutating func open(_ association: Association) -> [StreamAction] {
        let isFirst = state != .established
        facts.hasAssociation = true
        state = .established
        let established = gate.openFurther(isBidirectional ? [association, association.reversed] : [association])
        return isFirst ? [.disarm(.negotiation)] + established + [.arm(.idle), .arm(.keepalive)] : established
    }

    // MARK: - Elements and stanzas

    private mutating func receive(_ element: XMLElement) -> [StreamAction] {
        if element.is(Namespace.stream, "error") {
            return [.report(.peerError(StreamError(element)))] + openingForError() + closeAndEnd()
        }
        if state != .awaitingHeader, element.namespace == Namespace.dialback, let settings = policy.dialback {
            return takeDialback(element, settings)
        }
        guard state != .awaitingHeader,
            let index = features.firstIndex(where: { $0.namespaces.contains(element.namespace) })
        else { return close(StreamError(.unsupportedStanzaType)) }
        return perform(features[index].handle(.received(element), on: facts))
    }

    private mutating func perform(_ featureActions: [FeatureAction]) -> [StreamAction] {
        var actions: [StreamAction] = []
        for action in featureActions {
            switch action {
            case .send(let element): actions.append(.send(element))
            case .startTLS:
                state = .securing
                actions.append(.startTLS)
            case .authenticated(let mechanism):
                guard let proven = facts.proven else { return actions + close(StreamError(.notAuthorized)) }
                authenticated = (proven, mechanism)
                facts.hasAssociation = true
                state = .awaitingHeader
                hasSentHeader = false
                dialback.forgetStream()
                actions.append(.restart)
            case .adoptPeerLimits(let limits): actions.append(.adoptPeerLimits(limits))
            case .close(let error): return actions + (error.map { close($0) } ?? closeAndEnd())
            case .report(let report): actions.append(.report(report))
            case .useBothDirections: if facts.isEncrypted, !facts.hasAssociation { isBidirectional = true }
            case .waitForPeer, .giveUp, .dialbackAnnounced: break
            }
        }
        return actions
    }

    private mutating func deliver(_ stanzas: [Stanza]) -> [StreamAction] {
        let wasEstablished = state == .established
        let passage = gate.pass(stanzas) { [policy] in policy.host($0) == .former }
        let actions: [StreamAction] = passage.runs.map { .deliver($0.stanzas, over: $0.association) }
        if let error = passage.error { return actions + (wasEstablished ? close(error) : disconnect()) }
        // What else is on its way has done nothing wrong.
        if let error = passage.revocation, wasEstablished { return actions + closeOrderly(error) }
        return actions
    }

    // MARK: - Closing

    /// Sends an error and takes no further input (XS-11).
    mutating func close(_ error: StreamError) -> [StreamAction] {
        [.report(.closing(error))] + openingForError() + [.send(error.element)] + closeAndEnd()
    }

    mutating func closeAndEnd() -> [StreamAction] {
        state = .closed
        return [.sendClosingTag, .disconnect]
    }

    /// Sends the closing tag and waits for the peer's; stanzas that still arrive count (XS-17, XS-24).
    mutating func closeOrderly(_ error: StreamError?) -> [StreamAction] {
        var actions = openingForError()
        if let error { actions.append(.send(error.element)) }
        let takesStanzas = state == .established
        state = .closing(takesStanzas: takesStanzas)
        return actions + [.disarm(.idle), .disarm(.keepalive), .disarm(.negotiation), .sendClosingTag, .arm(.closing)]
    }

    mutating func disconnect() -> [StreamAction] {
        state = .closed
        return [.disconnect]
    }

    /// An error that comes before our opening tag needs one (RFC 6120 §4.9.1.2).
    private mutating func openingForError() -> [StreamAction] {
        guard !hasSentHeader else { return [] }
        hasSentHeader = true
        return [
            .sendHeader(
                StreamHeader(from: "", to: "", id: errorID, language: StreamPolicy.language, declaresDialback: true))
        ]
    }
}
