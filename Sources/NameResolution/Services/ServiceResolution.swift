/// Where a domain takes XMPP server connections, as far as DNS says.
public enum ServiceResolution: Hashable, Sendable {
    /// The endpoints in the order in which they are to be tried; at least one.
    case endpoints([ServiceEndpoint])
    /// The domain says that it offers no such service (RFC 2782, target `.`); no address is to be tried (DN-05).
    case notOffered(reason: String)
    /// There are no service records, and the domain itself does not exist.
    case nameDoesNotExist
    /// Nobody knows: no fallback, try again later (DN-08).
    case failed(reason: LookupFailure)

    /// The endpoints, if there are any.
    public var endpoints: [ServiceEndpoint] {
        guard case .endpoints(let endpoints) = self else { return [] }
        return endpoints
    }
}
