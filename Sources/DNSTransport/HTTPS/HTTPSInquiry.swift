internal import DNSMessages
internal import HTTPExchange
internal import NameResolution

/// One inquiry on its way to an HTTPS server.
final class HTTPSInquiry {
    let query: DNSQuery
    let requiresAuthentication: Bool
    /// The request, once it was sent.
    var exchange: HTTPExchangeHandle?
    private weak var channel: HTTPSQueryChannel?
    private var completion: ((AttemptOutcome) -> Void)?

    init(
        _ query: DNSQuery, requiresAuthentication: Bool, on channel: HTTPSQueryChannel,
        completion: @escaping (AttemptOutcome) -> Void
    ) {
        self.query = query
        self.requiresAuthentication = requiresAuthentication
        self.channel = channel
        self.completion = completion
    }

    /// Whether somebody waits for the answer.
    var isWanted: Bool { completion != nil }

    /// Gives the outcome to who waits, once.
    func finish(_ outcome: AttemptOutcome) {
        let completion = completion
        exchange = nil
        self.completion = nil
        completion?(outcome)
    }
}

extension HTTPSInquiry: QueryHandle {
    func cancel() {
        completion = nil
        exchange?.cancel()
        exchange = nil
    }

    func timedOut() {
        let wasSent = exchange != nil
        cancel()
        if wasSent { channel?.inquiryTimedOut() }
    }
}
