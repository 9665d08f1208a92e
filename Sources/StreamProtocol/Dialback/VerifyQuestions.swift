internal import DomainAssociation

/// The keys that the peer has been asked about and that it has not answered: nothing else makes an answer count (DB-09).
struct VerifyQuestions: Sendable {
    private var open: [DialbackQuestion.Identity: (question: DialbackQuestion, since: Int)] = [:]

    var isEmpty: Bool { open.isEmpty }
    var count: Int { open.count }

    func contains(_ question: DialbackQuestion) -> Bool { open[question.identity] != nil }

    mutating func add(_ question: DialbackQuestion, at tick: Int) { open[question.identity] = (question, tick) }

    /// The question that an answer belongs to; nil when it was not asked here.
    mutating func take(_ identity: DialbackQuestion.Identity) -> DialbackQuestion? {
        open.removeValue(forKey: identity)?.question
    }

    /// Gives up what the peer has not answered in time, and says what it was.
    mutating func expire(at tick: Int, after ticks: Int) -> [DialbackQuestion] {
        let late = open.values.filter { tick - $0.since >= ticks }.map(\.question)
        for question in late { open[question.identity] = nil }
        return late.sorted { $0.streamID < $1.streamID }
    }

    /// Gives everything up.
    mutating func removeAll() -> [DialbackQuestion] {
        let questions = open.values.map(\.question).sorted { $0.streamID < $1.streamID }
        open = [:]
        return questions
    }
}
