internal import DNSMessages

/// What came of an inquiry.
enum ChannelOutcome: Hashable, Sendable {
    /// A response that matches the inquiry.
    ///
    /// `isAuthenticated` tells whether the server had proved who it is, and `age` how long its records had been in a cache
    /// on the way (RFC 8484 §5.1), zero for all but HTTPS.
    case answered(DNSResponse, isAuthenticated: Bool, age: Duration)
    /// There is none, and waiting longer is in vain.
    case failed(ChannelFailure)
}
