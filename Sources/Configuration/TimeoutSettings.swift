/// `[timeouts]`: how long things may take. A file gives seconds.
public struct TimeoutSettings: Sendable, Hashable {
    /// `connect`: one attempt to connect to one address.
    public var connect = Duration.seconds(10)
    /// `negotiation`: from TCP accept to authenticated.
    public var negotiation = Duration.seconds(60)
    /// `delivery`: a stanza waits for a stream this long at most.
    public var delivery = Duration.seconds(120)
    /// `dialback`: a `db:result` or `db:verify` is answered, or counts as failed.
    public var dialback = Duration.seconds(30)
    /// `verify_idle`: a connection made for `db:verify` is kept this long for further questions.
    public var verifyIdle = Duration.seconds(10)
    /// `close`: for the peer's closing tag.
    public var close = Duration.seconds(5)
    /// `idle`: a stream without stanzas is closed after this time; `nil` (0 in the file) never.
    public var idle: Duration? = .seconds(600)
    /// `keepalive`: whitespace is sent on a stream without traffic after this time; `nil` (0 in the file) never.
    public var keepalive: Duration? = .seconds(300)
    /// `retry_after_failure`: waits after the first, second, … failure, ±20 %; the last repeats. Empty: no wait.
    public var retryAfterFailure: [Duration] = [.seconds(5), .seconds(15), .seconds(60), .seconds(300)]

    /// The defaults.
    public init() {}

    init(reading table: TableReader) {
        connect = table.seconds("connect", default: connect)
        negotiation = table.seconds("negotiation", default: negotiation)
        delivery = table.seconds("delivery", default: delivery)
        dialback = table.seconds("dialback", default: dialback)
        verifyIdle = table.seconds("verify_idle", default: verifyIdle, mayBeZero: true)
        close = table.seconds("close", default: close, mayBeZero: true)
        idle = table.optionalSeconds("idle", default: idle)
        keepalive = table.optionalSeconds("keepalive", default: keepalive)
        retryAfterFailure = table.listOfSeconds("retry_after_failure", default: retryAfterFailure)
        table.needs(.dialback, for: "dialback")
        table.needs(.dialback, for: "verify_idle")
        table.finish()
    }
}
