public import Routing
internal import TransportSecurity
public import XMPPModel

/// One connection of an external component (XEP-0114, `jabber:component:accept`), on our side of it.
///
/// The component proves by a shared secret that it may speak for its domain; from then on every stanza for that domain is
/// its own, and it may send from any address in it.
public struct ComponentBackend: Backend {
    /// `component`.
    public static let name = "component"

    /// What a connection needs to know of its surroundings; all of it may be asked from any loop.
    public struct Surroundings: Sendable {
        /// The secret of a domain that a component serves; nil for every other domain.
        public var secret: @Sendable (DomainName) -> [UInt8]?
        /// Whether a component serves the domain at this moment.
        public var isConnected: @Sendable (DomainName) -> Bool
        /// Seconds from accepting the connection to the end of the handshake.
        public var negotiationTimeout: Double

        /// Makes surroundings.
        public init(
            negotiationTimeout: Double = 60, isConnected: @escaping @Sendable (DomainName) -> Bool,
            secret: @escaping @Sendable (DomainName) -> [UInt8]?
        ) {
            self.negotiationTimeout = negotiationTimeout
            self.isConnected = isConnected
            self.secret = secret
        }
    }

    private enum State: Sendable {
        case awaitingHeader
        case awaitingHandshake(DomainName, id: String)
        case connected(DomainName)
        case closed
    }

    private let surroundings: Surroundings
    private var state = State.awaitingHeader

    /// Begins with a connection that was just accepted.
    public init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// The domain that is served over this connection, or nil.
    public var domain: DomainName? {
        guard case .connected(let domain) = state else { return nil }
        return domain
    }

    /// Takes what happened and says what is to be done. Never traps; after the close nothing but bounces is said.
    public mutating func handle(_ event: BackendEvent) -> [BackendAction] {
        switch (state, event) {
        case (.connected, .stanzasRouted(let stanzas)): return [.forward(stanzas)]
        case (.connected(let domain), .stanzasReceived(let stanzas)): return submit(stanzas, of: domain)
        case (_, .stanzasRouted(let stanzas)):
            return [.bounce(stanzas, StanzaError(.serviceUnavailable, .cancel, "the component is not connected"))]
        case (.closed, _): return []
        case (.awaitingHeader, .connected): return [.setDeadline(seconds: surroundings.negotiationTimeout)]
        case (.awaitingHeader, .headerReceived(let header, let id)): return open(header, id: id)
        case (.awaitingHandshake(let domain, let id), .elementReceived(let element)):
            return authenticate(element, of: domain, id: id)
        // CP-05: whatever comes before the handshake is refused like a wrong one.
        case (.awaitingHandshake, .stanzasReceived), (.awaitingHeader, .stanzasReceived),
            (.awaitingHeader, .elementReceived):
            return close(StreamError(.notAuthorized, "the handshake comes first"))
        case (.connected, .elementReceived): return close(StreamError(.unsupportedStanzaType))
        case (.awaitingHandshake, .headerReceived), (.connected, .headerReceived):
            return close(StreamError(.badFormat, "the stream is open already"))
        case (.awaitingHeader, .deadlinePassed), (.awaitingHandshake, .deadlinePassed):
            return close(StreamError(.connectionTimeout, "the handshake did not come in time"))
        case (_, .failed(let error)): return close(error)
        case (_, .closeRequested(let error)): return close(error)
        case (_, .closedByPeer): return close(nil)
        case (.awaitingHandshake, .connected), (.connected, .connected), (.connected, .deadlinePassed): return []
        }
    }

    // MARK: - Negotiation

    private mutating func open(_ header: StreamHeader, id: String) -> [BackendAction] {
        guard header.streamNamespace == Namespace.stream, header.contentNamespace == Namespace.component else {
            return refuse(StreamError(.invalidNamespace, "this port is for \(Namespace.component)"), id: id)
        }
        guard header.name == "stream" else { return refuse(StreamError(.badFormat), id: id) }
        guard let text = header.to, let domain = try? DomainName(text), secret(of: domain) != nil else {
            return refuse(StreamError(.hostUnknown, "no component is configured for this name"), id: id)
        }
        guard !surroundings.isConnected(domain) else { return refuse(conflict, id: id, from: domain) }
        state = .awaitingHandshake(domain, id: id)
        return [.sendHeader(answer(from: domain.description, id: id))]
    }

    private mutating func authenticate(_ element: XMLElement, of domain: DomainName, id: String) -> [BackendAction] {
        guard element.is(Namespace.component, "handshake"), element.elements.isEmpty, let secret = secret(of: domain),
            Digest.areEqualInConstantTime(Self.handshake(id: id, secret: secret), Array(element.text.utf8))
        else {
            let refusal = "a component failed to prove that it may serve \(domain); its secret differs from ours"
            return [.report(refusal)] + close(StreamError(.notAuthorized))
        }
        // Two connections can be in their handshakes at the same time; the first to finish has the domain.
        guard !surroundings.isConnected(domain) else { return close(conflict) }
        state = .connected(domain)
        return [
            .setDeadline(seconds: nil), .send(XMLElement(Namespace.component, "handshake")), .serve(domain),
            .report("the component \(domain) is connected"),
        ]
    }

    /// The answer that is right for a stream identifier: SHA-1 over it and the secret, in lower-case hexadecimal digits
    /// (XEP-0114 §3).
    static func handshake(id: String, secret: [UInt8]) -> [UInt8] {
        Hexadecimal.encodedBytes(Digest.sha1(Array(id.utf8) + secret))
    }

    /// An empty secret would let in everybody who can reach the port.
    private func secret(of domain: DomainName) -> [UInt8]? {
        surroundings.secret(domain).flatMap { $0.isEmpty ? nil : $0 }
    }

    private var conflict: StreamError { StreamError(.conflict, "a component is connected for this name already") }

    // MARK: - Stanzas

    private mutating func submit(_ stanzas: [Stanza], of domain: DomainName) -> [BackendAction] {
        // A recipient that is no address is the router's to return; only one that is missing ends the stream.
        let wrong = stanzas.firstIndex { stanza in
            !stanza.isFrom(domain) || (stanza.recipientDomainSpelling == nil && stanza.to == nil)
        }
        guard let place = wrong else { return [.submit(stanzas)] }
        let error: StreamError =
            if stanzas[place].from == nil || stanzas[place].to == nil {
                StreamError(.improperAddressing, "a stanza needs both 'from' and 'to'")
            } else {
                StreamError(.invalidFrom, "this stream is for stanzas from \(domain)")
            }
        let good = Array(stanzas[..<place])
        return (good.isEmpty ? [] : [.submit(good)])
            + [.report("the component \(domain) sent a stanza with wrong addresses: \(error)")] + close(error)
    }

    // MARK: - Closing

    private mutating func refuse(_ error: StreamError, id: String, from domain: DomainName? = nil) -> [BackendAction] {
        state = .closed
        // A name that is not ours is not repeated (RFC 6120 §4.9.1.3).
        return [
            .sendHeader(answer(from: domain?.description ?? "", id: id)), .report("a component was refused: \(error)"),
            .close(error),
        ]
    }

    private mutating func close(_ error: StreamError?) -> [BackendAction] {
        // An error and a closing tag stand inside a stream, so one is opened for them (RFC 6120 §4.9.1.2).
        let isUnopened = if case .awaitingHeader = state { true } else { false }
        state = .closed
        return (isUnopened ? [.sendHeader(answer(from: "", id: nil))] : []) + [.close(error)]
    }

    private func answer(from: String, id: String?) -> StreamHeader {
        StreamHeader(from: from, id: id, version: nil, contentNamespace: Namespace.component)
    }
}
