/// One request under way; letting it go changes nothing.
public final class HTTPExchangeHandle {
    private weak var client: HTTPClient?
    private let number: Int

    init(_ number: Int, of client: HTTPClient) {
        self.number = number
        self.client = client
    }

    /// Gives up: the completion is not called any more. Harmless when it was.
    public func cancel() {
        client?.cancel(number)
    }
}
