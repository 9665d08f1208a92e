public import DNSMessages
internal import DequeModule

/// Proves what responses claim, from the trust anchors down (RFC 4035 §5): for all questions of one resolver.
///
/// It asks for the keys that it needs and keeps those of zones that it has proved. Signatures are checked a few at a time,
/// the questions taking turns.
public struct Validator: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// A response is to be proved; the identifier comes back with the verdict and has to be unique.
        case began(ValidationTask, identifier: Int)
        /// What came of a fetch: the response as it came, or why there is none.
        case fetched(DNSQuestion, Result<DNSResponse, LookupFailure>)
        /// The loop had its turn.
        case resumed
        /// Nobody waits for a verdict any more.
        case cancelled(identifier: Int)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Have a DS or DNSKEY question answered by the servers of its name, with signatures, unchecked by them; past the
        /// cache of answers. At most one fetch of the same question is under way. The same question again, soon after it
        /// was answered, means that the answer did not hold: another server may know better.
        case fetch(DNSQuestion)
        /// Report ``Event/resumed`` at a later turn of the loop: there are signatures left to check.
        case resumeLater
        /// The verdict on a task.
        case concluded(identifier: Int, ValidationVerdict)
    }

    /// How long it is remembered that nobody answered a question.
    private static let memoryOfFailures: Duration = .seconds(5)
    /// How many such questions are remembered.
    private static let failuresKept = 1024

    private let limits: ValidationLimits
    private var chain: ChainOfTrust
    private var tasks: [Int: QuestionProgress] = [:]
    private var fetches: [DNSQuestion: Set<Int>] = [:]
    private var failures = KeptFacts<DNSQuestion, FetchedResponse>(capacity: Self.failuresKept)
    /// Tasks that can go on, in the order of their turns.
    private var ready: Deque<Int> = []
    private var awaitsTurn = false

    /// Signature checks made for all questions so far.
    public private(set) var signatureChecks = 0

    /// - Parameters:
    ///   - anchors: Where chains of trust begin.
    ///   - limits: How much work a question may make.
    public init(anchors: TrustAnchorSet, limits: ValidationLimits = ValidationLimits()) {
        self.limits = limits
        chain = ChainOfTrust(anchors: anchors, limits: limits)
    }

    /// Zones whose keys, or whose lack of them, are kept.
    public var zonesKept: Int { chain.zonesKept }

    /// Tasks without a verdict.
    public var tasksUnderWay: Int { tasks.count }

    /// Takes other trust anchors from now on, and proves everything anew (RFC 5011, reload).
    public mutating func replaceAnchors(_ anchors: TrustAnchorSet) {
        chain.replaceAnchors(anchors)
        failures.forgetAll()
        for identifier in tasks.keys {
            tasks[identifier]?.zones = [:]
            tasks[identifier]?.delegations = [:]
        }
    }

    /// Forgets what was proved of a name and those below it, since other servers speak for them from now on.
    public mutating func forget(below name: DNSName) {
        chain.forget(below: name)
        failures.forget { $0.name.isAtOrBelow(name) }
        for identifier in tasks.keys {
            tasks[identifier]?.forget(below: name)
        }
    }

    /// Drops all tasks and all fetches: nobody waits for a verdict, and no fetch under way will come to an end.
    public mutating func abandonTasks() {
        tasks = [:]
        fetches = [:]
        ready = []
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        switch event {
        case .began(let task, let identifier):
            tasks[identifier] = QuestionProgress(task, limits: limits, keys: chain.keys)
            ready.append(identifier)
        case .fetched(let question, let result):
            noteFetched(question, result, at: time)
        case .resumed:
            awaitsTurn = false
        case .cancelled(let identifier):
            tasks[identifier] = nil
            ready.removeAll { $0 == identifier }
            for question in fetches.keys { fetches[question]?.remove(identifier) }
        }
        // While a turn is owed to the loop, whatever happens only joins the queue.
        return awaitsTurn ? [] : work(at: time)
    }

    private mutating func noteFetched(
        _ question: DNSQuestion, _ result: Result<DNSResponse, LookupFailure>, at time: ResolutionTime
    ) {
        guard let waiting = fetches.removeValue(forKey: question) else { return }
        let response = FetchedResponse(result)
        if case .failed = response {
            failures.keep(response, as: question, until: time.elapsed + Self.memoryOfFailures, at: time.elapsed)
        }
        for identifier in waiting.sorted() {
            tasks[identifier]?.responses[question] = response
            tasks[identifier]?.awaited.remove(question)
            if tasks[identifier]?.awaited.isEmpty == true { ready.append(identifier) }
        }
    }

    /// Lets tasks go on until the checks of one turn are used up.
    private mutating func work(at time: ResolutionTime) -> [Action] {
        var actions: [Action] = []
        var checksLeft = limits.checksPerTurn
        while checksLeft > 0, !ready.isEmpty {
            let identifier = ready.removeFirst()
            guard let progress = tasks.removeValue(forKey: identifier) else { continue }
            let before = progress.work.signatureChecks
            chain.take(consume progress, at: time, checks: checksLeft)
            actions += run(identifier, at: time)
            let spent = chain.question.work.signatureChecks - before
            signatureChecks += spent
            // A verdict without a new check has read its response, and perhaps hashed names: a hundred are no one turn.
            checksLeft -= max(spent, tasks[identifier] == nil ? 1 : 0)
        }
        chain.release()
        if !ready.isEmpty {
            awaitsTurn = true
            actions.append(.resumeLater)
        }
        return actions
    }

    /// Runs one task until it has a verdict, waits, or has to let the others have their turn.
    private mutating func run(_ identifier: Int, at time: ResolutionTime) -> [Action] {
        do throws(ProofInterruption) {
            return [.concluded(identifier: identifier, try AnswerProof.verdict(using: &chain))]
        } catch {
            switch error {
            case .turnEnded:
                tasks[identifier] = chain.question
                ready.append(identifier)
                return []
            case .exhausted(let reason):
                return [.concluded(identifier: identifier, refused(reason))]
            case .needs(let questions):
                return fetch(questions, for: identifier, at: time)
            }
        }
    }

    private mutating func fetch(_ questions: [DNSQuestion], for identifier: Int, at time: ResolutionTime) -> [Action] {
        var actions: [Action] = []
        for question in questions {
            do throws(ProofInterruption) {
                try chain.question.work.spendFetch()
            } catch {
                guard case .exhausted(let reason) = error else { continue }
                for waiting in chain.question.awaited { fetches[waiting]?.remove(identifier) }
                return actions + [.concluded(identifier: identifier, refused(reason))]
            }
            if let failure = failures.fact(question, at: time.elapsed) {
                chain.question.responses[question] = failure
                continue
            }
            chain.question.awaited.insert(question)
            if fetches[question] == nil { actions.append(.fetch(question)) }
            fetches[question, default: []].insert(identifier)
        }
        if chain.question.awaited.isEmpty { ready.append(identifier) }
        tasks[identifier] = chain.question
        return actions
    }

    /// Too much work is a sign of an attack: such an answer is neither secure nor without need of a proof.
    private func refused(_ reason: String) -> ValidationVerdict {
        ProofFinding(status: .bogus, reason: reason).verdict
    }
}
