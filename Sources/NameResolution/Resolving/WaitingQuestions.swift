internal import DNSMessages
internal import DequeModule

/// Questions for which there was no room yet, in the order in which they came.
struct WaitingQuestions: Sendable {
    struct Entry: Sendable {
        let question: DNSQuestion
        var tickets: [Int]
        let since: Duration
    }

    private var entries: [DNSQuestion: Entry] = [:]
    private var queue: Deque<DNSQuestion> = []

    var count: Int { entries.count }

    /// Adds who waits; true when the question waited already.
    mutating func join(_ question: DNSQuestion, ticket: Int) -> Bool {
        guard entries[question] != nil else { return false }
        entries[question]?.tickets.append(ticket)
        return true
    }

    mutating func append(_ question: DNSQuestion, ticket: Int, at now: Duration) {
        entries[question] = Entry(question: question, tickets: [ticket], since: now)
        queue.append(question)
    }

    mutating func popFirst() -> Entry? {
        queue.popFirst().flatMap { entries.removeValue(forKey: $0) }
    }
}
