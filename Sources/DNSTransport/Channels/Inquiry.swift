internal import DNSMessages
internal import NameResolution

/// What is to be found out from one server, whatever the channel makes of it.
struct Inquiry: Hashable, Sendable {
    /// What is asked.
    var question: DNSQuestion
    /// Whether signatures are wanted with the records (DO).
    var wantsSignatures = false
    /// Whether the server shall leave validation to us (CD, RFC 6840 §5.9).
    var disablesChecking = false
    /// Whether nothing may leave before the server has proved who it is (DP-01).
    var requiresAuthentication = false
    /// Whether the letters of a name sent in a datagram have a random case, for a forger to guess.
    var variesCase = true

    init(_ question: DNSQuestion) {
        self.question = question
    }

    /// A question past the resolver: an encrypted server has to prove who it is first.
    init(_ question: DNSQuestion, to server: UpstreamServer) {
        self.init(question)
        requiresAuthentication = server.channel != .cleartext
    }

    init(_ attempt: Attempt) {
        question = attempt.question
        wantsSignatures = attempt.wantsSignatures
        disablesChecking = attempt.disablesChecking
        requiresAuthentication = attempt.requiresAuthentication
        variesCase = !attempt.isRepetition
    }

    /// The query as it goes into a message.
    func query(identifier: UInt16) -> DNSQuery {
        DNSQuery(
            identifier: identifier, question: question, wantsSignatures: wantsSignatures,
            disablesChecking: disablesChecking)
    }
}
