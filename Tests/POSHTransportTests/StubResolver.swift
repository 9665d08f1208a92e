import DNSMessages
import DNSTransport
import EventLoops
import NameResolution
import Synchronization

/// What a test's DNS says, from any thread.
final class StubNames: Sendable {
    struct State {
        var addresses: [String: [String]] = [:]
        var failures: [String: LookupFailure] = [:]
        var silent: Set<DNSQuestion> = []
        var questions: [DNSQuestion] = []
    }

    let state: Mutex<State>

    init(_ addresses: [String: [String]] = [:]) {
        state = Mutex(State(addresses: addresses))
    }

    var questions: [DNSQuestion] { state.withLock { $0.questions } }

    /// Leaves a question without an answer.
    func silence(_ name: String, _ type: RecordType) throws {
        let question = DNSQuestion(try DNSName(name), type)
        state.withLock { _ = $0.silent.insert(question) }
    }

    func fail(_ name: String, _ failure: LookupFailure) {
        state.withLock { $0.failures[name] = failure }
    }

    func resolver(on loop: EventLoop) -> any NameResolver { StubResolver(self, on: loop) }

    fileprivate func answer(_ question: DNSQuestion) -> Answer? {
        state.withLock { state in
            state.questions.append(question)
            guard !state.silent.contains(question) else { return nil }
            let name = question.name.description
            if let failure = state.failures[name] { return Answer(to: question, .failed(failure)) }
            guard let all = state.addresses[name] else { return Answer(to: question, .nameDoesNotExist) }
            let family: IPAddress.Family = question.type == .aaaa ? .v6 : .v4
            let records = all.compactMap { IPAddress($0) }.filter { $0.family == family }.compactMap {
                DNSRecord(owner: question.name, timeToLive: 300, data: family == .v6 ? .aaaa($0) : .a($0))
            }
            return Answer(to: question, records.isEmpty ? .noRecords : .records(records))
        }
    }
}

private final class StubResolver: NameResolver {
    private let names: StubNames
    private let loop: EventLoop

    init(_ names: StubNames, on loop: EventLoop) {
        self.names = names
        self.loop = loop
    }

    func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void) {
        guard let answer = names.answer(question) else { return }
        loop.afterTurn { completion(answer) }
    }

    func later(_ body: @escaping () -> Void) { loop.afterTurn(body) }
}
