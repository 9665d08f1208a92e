internal import NameResolution

/// Collects the answers of one turn of the resolver's loop, so that they cross to the asking loop together.
final class AnswerBatch {
    private let client: DNSClient
    private let deliver: @Sendable ([ForwardedAnswer]) -> Void
    private var answers: [ForwardedAnswer] = []

    init(on client: DNSClient, deliver: @escaping @Sendable ([ForwardedAnswer]) -> Void) {
        self.client = client
        self.deliver = deliver
    }

    func add(_ answer: ForwardedAnswer) {
        answers.append(answer)
        guard answers.count == 1 else { return }
        client.later {
            let answers = self.answers
            self.answers = []
            self.deliver(answers)
        }
    }
}
