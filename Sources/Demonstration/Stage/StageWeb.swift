internal import Prooftypes
internal import TransportSecurity

/// The web of a demonstration: which domains publish by POSH, what they publish, and their certificates.
struct StageWeb {
    /// The domains that refer to their provider's document.
    let publishers: [String]
    /// The providers.
    let providers: [String]
    private let identities: EmbeddedWebServer.Identities

    /// For how many seconds a document counts.
    private static let expires: Int64 = 86_400
    private static let path = "/.well-known/posh/xmpp-server.json"

    init(of players: [Player], _ certificates: StageCertificates) throws(StageFailure) {
        let referring = players.filter { $0.publication == .referenceOnWeb }
        publishers = referring.map(\.domain)
        providers = Set(referring.compactMap(\.provider)).sorted()
        var identities: EmbeddedWebServer.Identities = [:]
        for host in publishers + providers {
            let issued = try certificates.issue(forWebServerOf: host)
            do throws(IdentityFailure) {
                identities[host] = try issued.identity()
            } catch {
                throw .webServer(reason: "\(error)")
            }
        }
        self.identities = identities
    }

    /// A server of this web, without documents yet; nil when nobody publishes anything.
    func server(observe: @escaping @Sendable (EmbeddedWebServer.Visit) -> Void) throws(StageFailure)
        -> EmbeddedWebServer?
    {
        guard !identities.isEmpty else { return nil }
        do throws(WebServerFailure) {
            return try EmbeddedWebServer(identities: identities, observe: observe)
        } catch {
            throw .webServer(reason: "\(error)")
        }
    }

    /// Gives every server the documents of all.
    func publish(at presences: [Stage.Presence]) throws(StageFailure) {
        do throws(POSHPublicationFault) {
            for provider in providers {
                let hosted = presences.filter {
                    $0.player.provider == provider && $0.player.publication == .referenceOnWeb
                }
                let document = try POSHPublication.document(
                    .rfc7711, of: hosted.map(\.certificate), expires: Self.expires)
                publish(document, of: provider, at: presences)
                let reference = try POSHPublication.reference(
                    to: "https://\(provider)\(Self.path)", expires: Self.expires)
                for presence in hosted { publish(reference, of: presence.player.domain, at: presences) }
            }
        } catch {
            throw .webServer(reason: "\(error)")
        }
    }

    private func publish(_ content: String, of host: String, at presences: [Stage.Presence]) {
        let document = EmbeddedWebServer.Document(
            mediaType: POSHPublication.mediaType(.rfc7711), content: content)
        for presence in presences { presence.webServer?.publish(document, at: Self.path, of: host) }
    }
}
