internal import Configuration
internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Asks the authoritative servers of sender domains about keys (XEP-0220 §2.1.2).
///
/// A domain's questions go to a stream that we have to it, else over one connection that is made for them and kept for
/// further ones (DB-14). They are all asked by the loop that owns the domain, so that it is one connection for the whole
/// process. How many such connections there are at once is bounded, over all and for each address that asks, from dialling
/// to their end: a flood of requests becomes no flood of connections. One that rests is closed for the next.
final class KeyQuestions {
    /// Called once, on the loop.
    typealias Completion = (DialbackAnswer) -> Void

    private struct Inquiry {
        var question: DialbackQuestion
        var completion: Completion
        /// Whether a connection that was there already has failed it.
        var isSecondTry = false
    }

    private struct Asked {
        var inquiry: Inquiry
        var stream: StreamID
        /// Whether the stream was there before the question.
        var wasThere: Bool
    }

    private struct Failure {
        var answer: DialbackAnswer
        var until: LoopTime
    }

    /// How many questions are open at once; each holds a certificate of a stranger.
    private static let limit = 8192
    /// How many domains that could not be reached are remembered.
    private static let failureLimit = 1024

    private unowned let switchboard: Switchboard
    /// For each domain that is dialled, or has a connection that was made for questions.
    private var turns = FairTurns<DomainName, AddressPrefix?>(
        limit: 256, forEach: 32, waiting: 2048, waitingForEach: 256)
    private var waiting: [DomainName: [Inquiry]] = [:]
    private var attempts: [DomainName: OutboundAttempt] = [:]
    private var asked: [DialbackQuestion.Identity: Asked] = [:]
    private var streams: [DomainName: [StreamID]] = [:]
    /// The connections that were made for questions.
    private var own: [DomainName: StreamID] = [:]
    /// Those of them on which nothing is asked, the longest first.
    private var resting: [DomainName] = []
    private var openQuestions: [StreamID: Int] = [:]
    private var failures: [DomainName: Failure] = [:]
    private var waitingCount = 0

    init(on switchboard: Switchboard) { self.switchboard = switchboard }

    /// How many keys wait for an answer.
    var count: Int { asked.count + waitingCount }

    // MARK: - Questions

    /// Has a key asked about.
    ///
    /// - Parameters:
    ///   - origin: Where the one is who presented the key; who asks for much waits for himself.
    ///   - completion: Called within this call only where nothing has to be done for the answer.
    func ask(_ question: DialbackQuestion, for origin: AddressPrefix?, completion: @escaping Completion) {
        let domain = question.pair.sender
        guard asked.count + waitingCount < Self.limit else {
            return completion(.overloaded(reason: "too many dialback keys are being asked about"))
        }
        if let failure = failures[domain] {
            guard failure.until <= switchboard.loop.now else { return completion(failure.answer) }
            failures[domain] = nil
        }
        let inquiry = Inquiry(question: question, completion: completion)
        if let stream = stream(for: domain) { return put(inquiry, to: stream, wasThere: true) }
        wait(for: domain, with: inquiry, asking: origin)
    }

    private func put(_ inquiry: Inquiry, to stream: StreamConnection, wasThere: Bool) {
        let identity = inquiry.question.identity
        guard asked[identity] == nil else {
            return inquiry.completion(.overloaded(reason: "the same key is being asked about already"))
        }
        asked[identity] = Asked(inquiry: inquiry, stream: stream.id, wasThere: wasThere)
        openQuestions[stream.id, default: 0] += 1
        let domain = inquiry.question.pair.sender
        if own[domain] == stream.id { resting.removeAll { $0 == domain } }
        stream.feed(.ask(inquiry.question))
    }

    /// What came of a question on one of our streams.
    func answered(_ question: DialbackQuestion, _ answer: DialbackAnswer, on stream: StreamConnection) {
        guard let asked = asked[question.identity], asked.stream == stream.id else { return }
        self.asked[question.identity] = nil
        let open = (openQuestions[stream.id] ?? 1) - 1
        openQuestions[stream.id] = open > 0 ? open : nil
        defer { rest(question.pair.sender) }
        guard asked.wasThere, !asked.inquiry.isSecondTry, isLost(answer, on: stream) else {
            return asked.inquiry.completion(answer)
        }
        // The connection may have been about to end, or is the one that the key came on.
        var inquiry = asked.inquiry
        inquiry.isSecondTry = true
        wait(for: question.pair.sender, with: inquiry, asking: nil)
    }

    private func isLost(_ answer: DialbackAnswer, on stream: StreamConnection) -> Bool {
        switch answer {
        case .unreachable: true
        case .silent: !stream.side.takesQuestions
        case .valid, .invalid, .sameCertificate, .unproven, .unacceptable, .notFound, .overloaded: false
        }
    }

    // MARK: - Streams

    /// A stream to the domain takes questions from now on.
    func opened(_ stream: StreamConnection) {
        guard let domain = stream.dialledPair?.target, streams[domain]?.contains(stream.id) != true else { return }
        streams[domain, default: []].append(stream.id)
    }

    /// A stream that we opened is over.
    func ended(_ stream: StreamConnection) {
        guard let domain = stream.dialledPair?.target, var ids = streams[domain] else { return }
        ids.removeAll { $0 == stream.id }
        streams[domain] = ids.isEmpty ? nil : ids
        openQuestions[stream.id] = nil
        guard own[domain] == stream.id else { return }
        own[domain] = nil
        resting.removeAll { $0 == domain }
        if attempts[domain] == nil { leave(domain) }
    }

    /// Nothing more is asked on the connection of a domain: it is kept, unless another one waits for its place.
    private func rest(_ domain: DomainName) {
        guard let id = own[domain], openQuestions[id] == nil, attempts[domain] == nil, !resting.contains(domain),
            switchboard.streams[id]?.side.takesQuestions == true
        else { return }
        resting.append(domain)
        if turns.isAwaited(domain) { end(domain) }
    }

    /// Closes a connection that rests; its end gives its place away.
    private func end(_ domain: DomainName) {
        resting.removeAll { $0 == domain }
        guard let id = own[domain] else { return }
        switchboard.streams[id]?.close(nil)
    }

    private func stream(for domain: DomainName) -> StreamConnection? {
        for id in streams[domain] ?? [] {
            guard let stream = switchboard.streams[id], stream.side.takesQuestions,
                // A connection for questions has no watch: who keeps it busy would be believed for ever.
                stream.side.isServerProved(at: switchboard.wallClock())
            else { continue }
            return stream
        }
        return nil
    }

    // MARK: - Dialling

    private func wait(for domain: DomainName, with inquiry: Inquiry, asking origin: AddressPrefix?) {
        switch turns.enter(domain, for: origin) {
        case .refused:
            return inquiry.completion(.overloaded(reason: "too many authoritative servers are being dialled"))
        case .granted:
            line(up: inquiry, for: domain)
            dial(domain)
        case .waits:
            line(up: inquiry, for: domain)
            if let longest = resting.first(where: { turns.wouldYield($0, to: origin) }) { end(longest) }
        }
    }

    private func line(up inquiry: Inquiry, for domain: DomainName) {
        waiting[domain, default: []].append(inquiry)
        waitingCount += 1
    }

    private func dial(_ domain: DomainName) {
        guard turns.hasTurn(domain), attempts[domain] == nil, let pair = waiting[domain]?.first?.question.pair else {
            return
        }
        let attempt = OutboundAttempt(pair.reversed, for: .questions, on: switchboard) { [weak self] outcome in
            self?.dialled(domain, outcome)
        }
        attempts[domain] = attempt
        attempt.start()
    }

    private func dialled(_ domain: DomainName, _ outcome: OutboundAttempt.Outcome) {
        attempts[domain] = nil
        let inquiries = waiting.removeValue(forKey: domain) ?? []
        waitingCount -= inquiries.count
        switch outcome {
        case .opened(let stream):
            for inquiry in inquiries { put(inquiry, to: stream, wasThere: false) }
            if switchboard.streams[stream.id] != nil {
                // The one of before may be there still, with a proof that has run out.
                let former = own.updateValue(stream.id, forKey: domain)
                if let former, openQuestions[former] == nil { switchboard.streams[former]?.close(nil) }
            }
            rest(domain)
        // Questions have a connection of their own.
        case .joined: for inquiry in inquiries { inquiry.completion(.unreachable(reason: "no connection was made")) }
        case .failed(let failure):
            let answer = DialbackAnswer(failure)
            remember(Failure(answer: answer, until: switchboard.loop.now + pause), for: domain)
            for inquiry in inquiries { inquiry.completion(answer) }
        }
        // The one of before may be there still, on its way out.
        if own[domain] == nil { leave(domain) }
    }

    private func leave(_ domain: DomainName) { for next in turns.leave(domain) { dial(next) } }

    /// Who asks again at once for a domain that cannot be reached makes no further connection.
    private var pause: Duration { switchboard.deployment.configuration.timeouts.retryAfterFailure.first ?? .zero }

    private func remember(_ failure: Failure, for domain: DomainName) {
        if failures.count >= Self.failureLimit {
            let now = switchboard.loop.now
            failures = failures.filter { $0.value.until > now }
            // Forgetting costs a connection, and nothing else.
            if failures.count >= Self.failureLimit { failures = [:] }
        }
        failures[domain] = failure
    }

    /// Another configuration may lead elsewhere.
    func forgetFailures() { failures = [:] }

    /// Nothing more is asked.
    func cancel() {
        for attempt in attempts.values { attempt.cancel() }
        attempts = [:]
        let inquiries = waiting.values.joined()
        waiting = [:]
        waitingCount = 0
        for inquiry in inquiries { inquiry.completion(.overloaded(reason: "the server is shutting down")) }
    }
}

extension DialbackAnswer {
    /// What it means for a key that no server of the sender domain could be asked (DB-18, DB-19, DB-21).
    init(_ failure: AttemptFailure) {
        switch failure.kind {
        case .unauthenticated, .forbidden: self = .unacceptable(reason: failure.explanation)
        case .notServed: self = .notFound(reason: failure.explanation)
        case .notFound, .lookupFailed, .unreachable, .pairRefused, .keyRefused:
            self = .unreachable(reason: failure.explanation)
        }
    }
}
