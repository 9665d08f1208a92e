internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// The shared resolver as one loop sees it: questions of a turn go there in one batch, and answers come back in
/// batches.
final class ForwardingResolver {
    private let shared: SharedResolver
    private let loop: EventLoop
    private var lastTicket = 0
    private var completions: [Int: (Answer) -> Void] = [:]
    private var outgoing: [ForwardedQuestion] = []
    /// Itself, while somebody waits for an answer.
    private var keeper: ForwardingResolver?

    init(to shared: SharedResolver, on loop: EventLoop) {
        self.shared = shared
        self.loop = loop
    }

    private func flush() {
        let batch = outgoing
        outgoing = []
        let asker = WeakLoopReference(self, on: loop)
        shared.ask(batch) { answers in asker.post { $0.take(answers) } }
    }

    private func take(_ answers: [ForwardedAnswer]) {
        for answer in answers { completions.removeValue(forKey: answer.ticket)?(answer.answer) }
        if completions.isEmpty { keeper = nil }
    }
}

extension ForwardingResolver: NameResolver {
    func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void) {
        lastTicket += 1
        completions[lastTicket] = completion
        keeper = self
        outgoing.append(ForwardedQuestion(ticket: lastTicket, question: question))
        if outgoing.count == 1 { loop.afterTurn { self.flush() } }
    }

    func later(_ body: @escaping () -> Void) {
        loop.afterTurn(body)
    }
}
