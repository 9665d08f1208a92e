internal import DNSMessages

/// Why a server gave no answer.
enum ChannelFailure: Error, Hashable, Sendable {
    /// It could not be reached, or broke the connection off; with the reason.
    case unreachable(String)
    /// It did not prove who it is, so that nothing was asked; with the reason. Possibly an attack (RFC 8310 §6.5).
    case notAuthenticated(String)
    /// It was reached and refused to carry the inquiry: an HTTP status, for instance.
    case refused(String)
    /// What it sent is not a response to the inquiry.
    case malformed(DNSMessageFailure)
    /// Too much waits for this server already.
    case overloaded
}
