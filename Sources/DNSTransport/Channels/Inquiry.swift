internal import DNSMessages

/// What is to be found out from one server, whatever the channel makes of it.
struct Inquiry: Hashable, Sendable {
    /// What is asked.
    var question: DNSQuestion
    /// Whether we validate: signatures are wanted (DO), and the server's own validation is not (CD, RFC 6840 §5.9).
    var wantsSignatures = false
    /// Whether nothing may leave before the server has proved who it is (DP-01).
    var requiresAuthentication = false

    /// The query as it goes into a message.
    func query(identifier: UInt16) -> DNSQuery {
        DNSQuery(
            identifier: identifier, question: question, wantsSignatures: wantsSignatures,
            disablesChecking: wantsSignatures)
    }
}
