internal import DomainAssociation
internal import EventLoops
internal import Prooftypes
internal import TransportSecurity

/// The web of a demonstration: one server for the sites of all domains that publish by POSH, and of their providers.
struct StageWeb {
    /// The domains that refer to their provider's document.
    let publishers: [String]
    /// Where the server listens.
    var address: String { server.address.description }
    /// The providers, whose names lead to the server.
    let providers: [String]
    private let server: EmbeddedWebServer

    /// For how many seconds a document counts.
    private static let expires: Int64 = 86_400
    private static let path = POSHPath.rfc7711.path(for: .server)

    /// Starts the server, without documents yet; nil when nobody publishes anything.
    ///
    /// - Parameter observe: Is told of every request, from the server's loop.
    init?(
        of players: [Player], _ certificates: StageCertificates,
        observe: @escaping @Sendable (EmbeddedWebServer.Visit) -> Void
    ) throws(StageFailure) {
        let referring = players.filter { $0.publication == .referenceOnWeb }
        guard !referring.isEmpty else { return nil }
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
        do throws(WebServerFailure) {
            server = try EmbeddedWebServer(identities: identities, observe: observe)
        } catch {
            throw .webServer(reason: "\(error)")
        }
    }

    /// Gives the server the documents of all.
    func publish(for presences: [Stage.Presence]) throws(StageFailure) {
        do throws(POSHPublicationFault) {
            for provider in providers {
                let hosted = presences.filter {
                    $0.player.provider == provider && $0.player.publication == .referenceOnWeb
                }
                publish(
                    try POSHPublication.document(.rfc7711, of: hosted.map(\.certificate), expires: Self.expires),
                    of: provider)
                let reference = try POSHPublication.reference(
                    to: "https://\(provider):\(server.address.port)\(Self.path)", expires: Self.expires)
                for presence in hosted { publish(reference, of: presence.player.domain) }
            }
        } catch {
            throw .webServer(reason: "\(error)")
        }
    }

    func stop() { server.stop() }

    private func publish(_ content: String, of host: String) {
        server.publish(
            EmbeddedWebServer.Document(mediaType: POSHPublication.mediaType(.rfc7711), content: content),
            at: Self.path, of: host)
    }
}
