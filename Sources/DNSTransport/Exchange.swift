internal import DNSMessages
internal import NameResolution

/// One query on its way to one server; it reports how it ended at most once, and never from within `start`.
protocol Exchange: AnyObject {
    /// What may be reported.
    typealias Completion = (ExchangeOutcome) -> Void

    /// Sends the query.
    func start()

    /// Gives up and closes what is open; nothing is reported any more.
    func cancel()
}

/// How an exchange ended.
typealias ExchangeOutcome = Result<DNSResponse, AttemptFailure>
