/// What a request asks of a resource (RFC 9110 §9).
public enum HTTPMethod: String, Hashable, Sendable {
    /// Give it.
    case get = "GET"
    /// Process what is sent.
    case post = "POST"
}
