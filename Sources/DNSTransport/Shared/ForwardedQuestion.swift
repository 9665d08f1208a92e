internal import DNSMessages

/// A question on its way to the shared resolver.
struct ForwardedQuestion: Sendable {
    /// Tells it from others of the same asking loop.
    let ticket: Int
    let question: DNSQuestion
}
