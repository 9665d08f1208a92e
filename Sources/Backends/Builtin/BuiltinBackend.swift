public import Routing
public import XMPPModel

/// A small service of our own: answers what every entity should (ping, version, service discovery) and echoes messages.
///
/// It has no users: for every address with a localpart an iq is answered alike, bare or full, so that nobody learns
/// which exist (RT-12).
public struct BuiltinBackend: Backend {
    /// `builtin`.
    public static let name = "builtin"

    private static let discoInformation = "http://jabber.org/protocol/disco#info"
    private static let discoItems = "http://jabber.org/protocol/disco#items"
    private static let version = "jabber:iq:version"

    private let domain: DomainName
    private let settings: BuiltinSettings

    /// Serves one domain.
    public init(_ domain: DomainName, settings: BuiltinSettings) {
        self.domain = domain
        self.settings = settings
    }

    /// Answers stanzas; everything else concerns connections, of which there is none.
    public mutating func handle(_ event: BackendEvent) -> [BackendAction] {
        switch event {
        case .stanzasRouted(let stanzas):
            let answers = stanzas.compactMap { answer(to: $0) }
            return answers.isEmpty ? [] : [.submit(answers)]
        case .connected, .headerReceived, .elementReceived, .stanzasReceived, .closedByPeer, .failed, .deadlinePassed,
            .closeRequested:
            return []
        }
    }

    private func answer(to stanza: Stanza) -> Stanza? {
        switch stanza.kind {
        case .message: Echo.answer(to: stanza)
        case .presence: nil
        case .iq: answer(toQuery: stanza)
        }
    }

    /// RFC 6120 §8.2.3: every get and set is answered once, a result or an error never.
    private func answer(toQuery query: Stanza) -> Stanza? {
        guard !query.isError, !query.hasType("result") else { return nil }
        guard query.id != nil else { return query.returned(with: malformed("an iq needs an 'id'")) }
        guard query.hasType("get") || query.hasType("set") else {
            return query.returned(with: malformed("the 'type' of an iq is get, set, result or error"))
        }
        guard let address = query.to.flatMap({ try? JabberID($0) }), address.localpart == nil else {
            return query.returned(with: StanzaError(.serviceUnavailable, .cancel))
        }
        guard let children = StanzaPayload.children(of: query), children.count == 1, let payload = children.first else {
            return query.returned(with: malformed("an iq that asks has one child"))
        }
        guard query.hasType("get") else { return query.returned(with: StanzaError(.serviceUnavailable, .cancel)) }
        switch (payload.namespace, payload.name) {
        case (Namespace.ping, "ping"): return result(of: query, nil)
        case (Self.version, "query"): return result(of: query, versionAnswer)
        case (Self.discoInformation, "query"), (Self.discoItems, "query"):
            guard (payload["node"] ?? "").isEmpty else {
                return query.returned(with: StanzaError(.itemNotFound, .cancel))
            }
            return result(of: query, payload.namespace == Self.discoItems ? items : information)
        default: return query.returned(with: StanzaError(.serviceUnavailable, .cancel))
        }
    }

    private func malformed(_ text: String) -> StanzaError { StanzaError(.badRequest, .modify, text) }

    private func result(of query: Stanza, _ payload: XMLElement?) -> Stanza {
        Stanza(
            .iq, from: query.to, to: query.from, id: query.id, type: "result",
            content: payload.map(StanzaPayload.bytes) ?? [])
    }

    private var versionAnswer: XMLElement {
        var children = [
            XMLElement(Self.version, "name", text: settings.softwareName),
            XMLElement(Self.version, "version", text: settings.softwareVersion),
        ]
        if let system = settings.operatingSystem { children.append(XMLElement(Self.version, "os", text: system)) }
        return XMLElement(Self.version, "query", children)
    }

    private var information: XMLElement {
        let namespace = Self.discoInformation
        let identity = XMLElement(
            namespace, "identity", attributes: ["category": "server", "type": "im", "name": settings.softwareName])
        let features = [Self.discoInformation, Self.discoItems, Self.version, Namespace.ping]
            .map { XMLElement(namespace, "feature", attributes: ["var": $0]) }
        let form = settings.contacts.form.map { [$0] } ?? []
        return XMLElement(namespace, "query", [identity] + features + form)
    }

    private var items: XMLElement {
        let items = settings.items.filter { $0 != domain }
            .map { XMLElement(Self.discoItems, "item", attributes: ["jid": $0.description]) }
        return XMLElement(Self.discoItems, "query", items)
    }
}
