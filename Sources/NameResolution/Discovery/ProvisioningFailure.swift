/// Why nothing was learnt from a provisioning domain.
public enum ProvisioningFailure: Error, Hashable, Sendable {
    /// Its server could not be reached, or its address not be found; with the reason. The only failure after which it
    /// is asked again on its own.
    case unreachable(String)
    /// The server did not prove that it is the domain's; with the reason.
    case notAuthenticated(String)
    /// It answered with this HTTP status.
    case status(Int)
    /// A redirection that is not to HTTPS, to nowhere, or one too many.
    case redirection(String)
    /// The content is of this type instead of `application/pvd+json`.
    case mediaType(String)
    /// The content is not a JSON object with the keys that it has to have.
    case notADocument
    /// It has more in it than is looked at.
    case documentTooLarge
    /// It is about another domain.
    case otherIdentifier(String)
    /// Its end is not a date and time.
    case badExpiration(String)
    /// Its end is past.
    case expired(String)
    /// One of its prefixes is none.
    case badPrefix(String)
    /// It is not for this network: no prefix of it covers this one (RFC 8801 §4.1).
    case otherNetwork(NetworkPrefix)
}

extension ProvisioningFailure: CustomStringConvertible {
    /// The failure in words, for an operator.
    public var description: String {
        switch self {
        case .unreachable(let reason): "its server cannot be reached: \(reason)"
        case .notAuthenticated(let reason): "its server did not prove who it is: \(reason)"
        case .status(let code): "its server answered with HTTP status \(code)"
        case .redirection(let location): "it redirects to “\(location)”, which is not followed"
        case .mediaType(let type): "its content is “\(type)”, not application/pvd+json"
        case .notADocument: "its content is not a JSON object with identifier, expires and prefixes"
        case .documentTooLarge: "its content is too large"
        case .otherIdentifier(let name): "its content is about “\(name)”"
        case .badExpiration(let text): "its content expires at “\(text)”, which is not a date and time"
        case .expired(let text): "its content expired at \(text)"
        case .badPrefix(let text): "its content names a prefix “\(text)”, which is none"
        case .otherNetwork(let prefix): "it is not for this network: \(prefix) is not among its prefixes"
        }
    }
}
