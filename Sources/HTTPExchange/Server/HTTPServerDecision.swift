/// What is to be done about a request.
public enum HTTPServerDecision: Sendable {
    /// Answer this, at once.
    case answer(HTTPServerResponse)
    /// Answer what this finds; it has as long as the request has left.
    case find(@Sendable () async -> HTTPServerResponse)
}
