internal import DomainAssociation
internal import XMPPModel

/// What a stream remembers of dialback, in either role: what the peer asks of it, what it asks of the peer, and one clock.
struct DialbackState: Sendable {
    var admission = PairAdmission()
    var requests = PairRequests()
    var questions = VerifyQuestions()
    /// Requests of a peer that is nobody yet, which cannot go on for ever.
    var requestsBeforeProof = 0
    /// Counts the parts of the time that a request has.
    private(set) var tick = 0
    private var isArmed = false

    /// Whether the clock has to run.
    private var isWaiting: Bool { !admission.isEmpty || !requests.isEmpty || !questions.isEmpty }

    /// What the stream knew by another identifier counts no more (XS-19).
    mutating func forgetStream() {
        admission = PairAdmission()
        requestsBeforeProof = 0
    }

    /// One part of the time has passed.
    mutating func advance() {
        tick += 1
        isArmed = false
    }

    /// Keeps the one deadline running for as long as anything waits.
    mutating func clockAction() -> StreamAction? {
        guard isWaiting != isArmed else { return nil }
        isArmed = isWaiting
        return isArmed ? .arm(.dialback) : .disarm(.dialback)
    }

    /// Ends everything that waits, since the stream ends; those who wait for it are told.
    ///
    /// - Parameter isByPeer: Whether it is the peer who ends it, be it that nothing else could be done with him. Servers that
    ///   do so for being asked are remembered; nobody else is to be taken for one.
    mutating func endAll(isByPeer: Bool, reason: String) -> [StreamAction] {
        guard isWaiting || requests.count > 0 else { return [] }
        admission = PairAdmission()
        let (asked, held) = questions.removeAll()
        return requests.removeAll().map { .pairFailed($0.pair, isByPeer && $0.wasAsked ? .streamEnded : .overtaken) }
            + asked.map { .answered($0, .silent(reason: reason)) }
            + held.map { .answered($0, .unreachable(reason: "\(reason) before anything was asked")) }
    }
}

extension [StreamAction] {
    /// Puts actions in front of the end of the stream: with that everybody is told that it is over, and why is known no more.
    mutating func appendBeforeEnd(_ actions: [StreamAction]) {
        let end = firstIndex { $0 == .sendClosingTag || $0 == .disconnect }
        insert(contentsOf: actions, at: end ?? endIndex)
    }
}
