public import DomainAssociation
public import XMPPModel

/// Opens a stream to look at a server, and goes no further than its features under TLS (RFC 7712 §3, CC-02): no
/// credentials, no stanza. A value that takes events and answers with actions.
///
/// To a client's port it speaks as a client that has not said who it is; to a server's port with `from` only where a
/// domain of ours is meant to ask. Where that has presented its certificate, SASL EXTERNAL is tried, and nothing follows;
/// where a ``DialbackTrial`` is wanted, dialback is.
public struct StreamProbe: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The connection is there.
        case connected
        /// TLS is up; a new stream begins.
        case secured
        /// The server's opening tag.
        case headerReceived(StreamHeader)
        /// A first-level element that is no stanza.
        case elementReceived(XMLElement)
        /// Stanzas, which nobody asked for.
        case stanzasReceived
        /// `</stream:stream>`, or the end of the connection.
        case closedByPeer
        /// What arrived breaks the rules of XML or a limit.
        case failed(StreamError)
        /// The connection or its TLS broke.
        case broken(reason: String)
        /// A deadline passed.
        case deadlinePassed(StreamDeadline)
    }

    /// What is to be done, in this order.
    public enum Action: Hashable, Sendable {
        /// Write an opening tag.
        case sendHeader(StreamHeader)
        /// Write an element.
        case send(XMLElement)
        /// Begin TLS with the next byte; what the parser still holds is dropped (TL-03).
        case startTLS
        /// A new stream begins with the next byte in either direction.
        case restart
        /// Write `</stream:stream>`.
        case sendClosingTag
        /// Start a deadline.
        case arm(StreamDeadline)
        /// Send what is buffered, end TLS and TCP in order; all has been seen.
        case finish
    }

    enum State: Hashable, Sendable {
        case idle, awaitingHeader, awaitingFeatures, awaitingProceed, securing, awaitingSuccess, awaitingResult, closing
        case closed
    }

    /// What was seen so far.
    public internal(set) var findings = StreamFindings()

    /// What `<auth/>` says, in base64, where EXTERNAL is to be tried: the domain of ours that has presented its certificate.
    /// Nil where it has not.
    public var authorizationIdentity: String?

    /// Why no key is sent to a server that presents such certificates; nil where one may be. To be said before
    /// ``Event/secured``.
    public var objection: String?

    let domain: DomainName
    private let service: ClaimedService
    let sender: DomainName?
    private let directTLS: Bool
    let trial: DialbackTrial?
    var state = State.idle
    /// The identifier in the latest response header.
    var streamID: String?

    /// Makes a probe.
    ///
    /// - Parameters:
    ///   - domain: The domain that the server is to speak for.
    ///   - service: Which side of it.
    ///   - sender: The domain on whose behalf a server is asked; not used with clients.
    ///   - directTLS: Whether TLS comes before the stream (XEP-0368).
    ///   - trial: How dialback is tried on behalf of the sender; nil where it is not.
    public init(
        of domain: DomainName, as service: ClaimedService, from sender: DomainName?, directTLS: Bool,
        trying trial: DialbackTrial? = nil
    ) {
        self.domain = domain
        self.service = service
        self.sender = service == .server ? sender : nil
        self.directTLS = directTLS
        self.trial = trial
    }

    /// Takes what happened and says what is to be done. Never throws and never traps: whatever a server sends has an
    /// answer.
    public mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        case (.closed, _): return []
        case (_, .broken(let reason)):
            note(reason)
            return finish()
        case (.closing, .closedByPeer), (.closing, .failed), (.closing, .deadlinePassed(.closing)): return finish()
        case (.closing, _): return []
        case (.idle, .connected):
            guard directTLS else { return [.arm(.negotiation)] + openStream() }
            secure()
            return [.arm(.negotiation)]
        case (.securing, .secured):
            findings.encryption = .established
            return openStream()
        // The request has a time of its own.
        case (.awaitingResult, .deadlinePassed(.negotiation)): return []
        case (.awaitingResult, .deadlinePassed(.answer)): return endTrial(.timedOut)
        case (.awaitingResult, .closedByPeer): return endTrial(.streamEnded(nil))
        case (_, .deadlinePassed(.negotiation)): return giveUp()
        case (.securing, .closedByPeer):
            note("the server closed the connection")
            return finish()
        // Nothing of XML means anything, or can be answered, while the handshake is under way (TL-03, TL-06).
        case (.securing, _), (.idle, _): return []
        case (.awaitingHeader, .headerReceived(let header)): return check(header)
        case (_, .headerReceived): return close(StreamError(.badFormat), "the server opened its stream twice")
        case (_, .elementReceived(let element)): return receive(element)
        case (_, .stanzasReceived): return close(StreamError(.notAuthorized), "the server sent stanzas in its place")
        case (_, .failed(let error)): return close(error, "the server sent what cannot be read: \(error)")
        case (_, .closedByPeer): return close(nil, "the server closed the stream")
        case (_, .connected), (_, .secured), (_, .deadlinePassed): return []
        }
    }

    // MARK: - Opening

    private var contentNamespace: String { service == .client ? Namespace.client : Namespace.server }

    private mutating func openStream() -> [Action] {
        state = .awaitingHeader
        return [
            .sendHeader(
                StreamHeader(
                    from: sender?.description, to: domain.description, language: StreamPolicy.language,
                    contentNamespace: contentNamespace, declaresDialback: service == .server))
        ]
    }

    /// Whether EXTERNAL or dialback has been tried: what comes then says nothing more of the server.
    private var isTried: Bool {
        state == .awaitingSuccess || state == .awaitingResult || findings.external != nil || findings.dialback != nil
    }

    var isProtected: Bool { findings.encryption == .established }

    private mutating func check(_ header: StreamHeader) -> [Action] {
        let greeting = StreamGreeting(header)
        if !isProtected { findings.clear = greeting } else if !isTried { findings.protected = greeting }
        let fault = HeaderCheck.initiating(
            header, remote: domain, isProtected: isProtected, contentNamespace: contentNamespace)
        if let fault { return close(fault, "the server's header is wrong: \(fault)") }
        state = .awaitingFeatures
        streamID = header.id
        guard HeaderCheck.isCurrent(header.version) else {
            if let request = requestInClear() { return request }
            return close(nil, "the server speaks XMPP before 1.0, which knows no features and no TLS")
        }
        return []
    }

    // MARK: - Features and STARTTLS

    private mutating func receive(_ element: XMLElement) -> [Action] {
        if element.is(Namespace.stream, "error") {
            let error = StreamError(element)
            guard isTried else {
                findings.error = error
                return end()
            }
            guard state != .awaitingResult else { return endTrial(.streamEnded(error)) }
            return close(nil, "the server ended the stream: \(error)")
        }
        switch state {
        case .awaitingFeatures where element.is(Namespace.stream, "features"):
            guard !isProtected else {
                guard !isTried else { return end() }
                findings.protected?.note(element)
                return authenticate() ?? requestProtected() ?? end()
            }
            findings.clear?.note(element)
            if let request = requestInClear() { return request }
            // A missing offer may be an attacker's work; asking costs nothing (TL-07).
            state = .awaitingProceed
            return [.send(XMLElement(Namespace.startTLS, "starttls"))]
        case .awaitingProceed where element.namespace == Namespace.startTLS:
            guard element.name == "proceed" else {
                findings.encryption = .refused
                return end()
            }
            secure()
            return [.startTLS]
        case .awaitingSuccess where element.namespace == Namespace.sasl: return takeAnswer(element)
        case .awaitingResult where element.namespace == Namespace.dialback: return takeResult(element)
        default:
            return close(StreamError(.unsupportedStanzaType), "the server sent <\(element.name)/> in its place")
        }
    }

    // MARK: - EXTERNAL

    private mutating func authenticate() -> [Action]? {
        let mechanism = "EXTERNAL"
        guard sender != nil, let authorizationIdentity, findings.protected?.mechanisms.contains(mechanism) == true
        else {
            return nil
        }
        state = .awaitingSuccess
        return [
            .send(
                XMLElement(Namespace.sasl, "auth", attributes: ["mechanism": mechanism], text: authorizationIdentity))
        ]
    }

    private mutating func takeAnswer(_ element: XMLElement) -> [Action] {
        switch element.name {
        case "success":
            findings.external = .accepted
            // A stream cannot end as it should before the next one has begun (RFC 6120 §6.4.6).
            return [.restart] + openStream()
        case "failure":
            let condition = element.elements.first { $0.name != "text" }?.name
            findings.external = .refused(
                condition: String((condition ?? "not-authorized").prefix(64)),
                text: element.first(Namespace.sasl, "text").map { String($0.text.prefix(200)) })
            return end()
        default:
            return close(nil, "the server sent <\(element.name)/> in its place")
        }
    }

    private mutating func secure() {
        findings.encryption = .begun
        state = .securing
    }

    // MARK: - The end

    private mutating func giveUp() -> [Action] {
        note("the server did not send it in time", isTimeout: true)
        // A handshake that comes to nothing leaves no XML behind (RFC 6120 §5.4.3.2).
        return state == .securing || state == .idle ? finish() : end()
    }

    private mutating func close(_ error: StreamError?, _ reason: String) -> [Action] {
        note(reason)
        return (error.map { [.send($0.element)] } ?? []) + end()
    }

    private mutating func note(_ reason: String, isTimeout: Bool = false) {
        guard !isTried else {
            // What was found out before stays true.
            switch state {
            case .awaitingSuccess where findings.external == nil: findings.external = .failed(reason: reason)
            case .awaitingResult: findings.dialback = .failed(reason: reason)
            default: break
            }
            return
        }
        guard findings.fault == nil, findings.error == nil, let stage else { return }
        findings.fault = StreamFindings.Fault(stage: stage, reason: reason, isTimeout: isTimeout)
    }

    /// What is awaited; nil once everything has been seen.
    private var stage: StreamFindings.Stage? {
        switch state {
        case .idle, .awaitingHeader: .header
        case .awaitingFeatures: .features
        case .awaitingProceed: .startTLS
        case .securing: .handshake
        case .awaitingSuccess, .awaitingResult, .closing, .closed: nil
        }
    }

    mutating func end() -> [Action] {
        state = .closing
        return [.sendClosingTag, .arm(.closing)]
    }

    private mutating func finish() -> [Action] {
        state = .closed
        return [.finish]
    }
}
