internal import DomainAssociation
internal import EventLoops
internal import Prooftypes
internal import XMPPModel

/// The shared client as one loop sees it: those who ask for the same at once wait together, and cross over as one.
final class ForwardingKeysSource {
    private let shared: SharedPOSHClient
    private let loop: EventLoop
    private var waiting: [POSHQuestion: [(PublishedKeys) -> Void]] = [:]
    private var count = 0
    /// Itself, while somebody waits for an answer.
    private var keeper: ForwardingKeysSource?

    /// Who may wait on one loop at a time: each is a stream that is not proved yet, and may be nobody's.
    static let mostWaiting = 16_384

    init(to shared: SharedPOSHClient, on loop: EventLoop) {
        self.shared = shared
        self.loop = loop
    }

    private func ask(_ question: POSHQuestion) {
        let asker = WeakLoopReference(self, on: loop)
        shared.ask(question) { keys in asker.post { $0.take(keys, for: question) } }
    }

    private func take(_ keys: PublishedKeys, for question: POSHQuestion) {
        let told = waiting.removeValue(forKey: question) ?? []
        count -= told.count
        for completion in told { completion(keys) }
        if waiting.isEmpty { keeper = nil }
    }
}

extension ForwardingKeysSource: PublishedKeysSource {
    func publishedKeys(
        of domain: DomainName, for service: ClaimedService, completion: @escaping (PublishedKeys) -> Void
    ) {
        guard count < Self.mostWaiting else {
            let keys = PublishedKeys(.unanswered(reason: "too many wait for POSH documents already"))
            return loop.afterTurn { completion(keys) }
        }
        count += 1
        keeper = self
        let question = POSHQuestion(domain, for: service)
        let isFirst = waiting[question] == nil
        waiting[question, default: []].append(completion)
        if isFirst { ask(question) }
    }
}
