internal import DomainAssociation
internal import XMPPModel

/// The keys that the peer has been asked about and that it has not answered: nothing else makes an answer count (DB-09).
struct VerifyQuestions: Sendable {
    private struct Entry: Sendable {
        var question: DialbackQuestion
        /// Who was asked; nil while it is being decided whether the peer speaks for the sender domain.
        var server: AuthoritativeServer?
        var since: Int
    }

    private var open: [DialbackQuestion.Identity: Entry] = [:]
    /// Those that wait for a proof, by the pair that they are about.
    private var held: [DomainPair: [DialbackQuestion]] = [:]

    var isEmpty: Bool { open.isEmpty }
    var count: Int { open.count }

    /// How many are about keys of other sender domains.
    func count(besides sender: DomainName) -> Int { open.keys.count { $0.pair.sender != sender } }

    /// Whether none is about a key of another sender domain.
    func areAll(about sender: DomainName) -> Bool { open.keys.allSatisfy { $0.pair.sender == sender } }

    func contains(_ question: DialbackQuestion) -> Bool { open[question.identity] != nil }

    /// The peer has been asked, as the server that it was proved to be.
    mutating func add(_ question: DialbackQuestion, to server: AuthoritativeServer, at tick: Int) {
        open[question.identity] = Entry(question: question, server: server, since: tick)
    }

    /// A question waits until it is known whether the peer speaks for the sender domain.
    ///
    /// - Returns: Whether it is the first of its pair.
    mutating func hold(_ question: DialbackQuestion, at tick: Int) -> Bool {
        open[question.identity] = Entry(question: question, since: tick)
        held[question.pair, default: []].append(question)
        return held[question.pair]?.count == 1
    }

    /// Ends the wait of the questions about a pair, and says which they are.
    mutating func takeHeld(_ pair: DomainPair) -> [DialbackQuestion] {
        let questions = held.removeValue(forKey: pair) ?? []
        for question in questions { open[question.identity] = nil }
        return questions
    }

    /// The question that an answer belongs to, and who was asked; nil when it was not asked here.
    mutating func take(
        _ identity: DialbackQuestion.Identity
    ) -> (question: DialbackQuestion, server: AuthoritativeServer)? {
        guard let entry = open[identity], let server = entry.server else { return nil }
        open[identity] = nil
        return (entry.question, server)
    }

    /// Gives up what the peer has not answered in time, and says what it was.
    mutating func expire(at tick: Int, after ticks: Int) -> [DialbackQuestion] {
        let late = open.values.filter { tick - $0.since >= ticks }
        for entry in late {
            open[entry.question.identity] = nil
            guard entry.server == nil else { continue }
            held[entry.question.pair]?.removeAll { $0.identity == entry.question.identity }
            if held[entry.question.pair]?.isEmpty == true { held[entry.question.pair] = nil }
        }
        return Self.sorted(late.map(\.question))
    }

    /// Gives everything up: what the peer has been asked, and what it has not.
    mutating func removeAll() -> (asked: [DialbackQuestion], held: [DialbackQuestion]) {
        let asked = Self.sorted(open.values.filter { $0.server != nil }.map(\.question))
        let held = Self.sorted(open.values.filter { $0.server == nil }.map(\.question))
        self = VerifyQuestions()
        return (asked, held)
    }

    private static func sorted(_ questions: [DialbackQuestion]) -> [DialbackQuestion] {
        questions.sorted { $0.streamID < $1.streamID }
    }
}
