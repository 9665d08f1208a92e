/// Whether the server has to prove who it is. A credential goes only with a proof, so that none can leave without.
public enum HTTPServerAuthentication: Hashable, Sendable {
    /// It has to, and may then be told who we are.
    case required(HTTPTrust = HTTPTrust(), credential: HTTPCredential? = nil)
    /// Any certificate will do: the connection is encrypted, to nobody knows whom.
    case none
}
