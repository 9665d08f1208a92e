internal import Configuration
internal import DomainAssociation
internal import EventLoops
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Asks the authoritative servers of sender domains about keys (XEP-0220 §2.1.2).
///
/// A domain's questions go to a stream that we have to it, else over a connection that is made for questions and kept for
/// further ones (DB-14): one to the server that DNS leads to, if that proves to speak for the domain, else one of the domain's
/// own. The loop that owns the domain asks, on connections of other loops too. How many there are at once is bounded, over all
/// and for each address that asks, from dialling to their end: a flood of requests becomes no flood of connections. One that
/// rests is closed for the next.
final class KeyQuestions {
    /// Called once, on the loop.
    typealias Completion = (DialbackAnswer) -> Void

    private struct Inquiry {
        var question: DialbackQuestion
        /// Where the one is who presented the key.
        var origin: AddressPrefix?
        var completion: Completion
        /// Whether a connection that was there already ended under it.
        var wasLost = false
        /// Whether the domain has to have a connection of its own for it.
        var needsOwn = false
    }

    private struct Asked {
        var inquiry: Inquiry
        var stream: StreamID
        /// Whether the stream was there before the question.
        var wasThere: Bool
    }

    /// A stream of this loop that takes questions, or has taken some.
    private struct Connection {
        /// Where it is found for further domains; nil where it is not to be.
        var address: SocketAddress?
        /// How many questions wait for its answer.
        var open = 0
        /// Whether it has answered about another domain than it was made for.
        var hasAnsweredFurther = false
    }

    private struct Failure {
        var answer: DialbackAnswer
        var until: LoopTime
    }

    /// How many questions are open at once; each holds a certificate of a stranger.
    private static let limit = 8192
    /// How many domains that could not be reached are remembered.
    private static let failureLimit = 1024
    /// How long a connection for questions takes further ones, in seconds: DNS may lead elsewhere by then.
    private static let greatestAge: Int64 = 3600

    private unowned let switchboard: Switchboard
    /// For each domain that is being looked up or dialled, or has a connection that was made for its questions.
    private var turns = FairTurns<DomainName, AddressPrefix?>(
        limit: 256, forEach: 32, waiting: 2048, waitingForEach: 256)
    private var waiting: [DomainName: [Inquiry]] = [:]
    private var attempts: [DomainName: OutboundAttempt] = [:]
    private var asked: [DialbackQuestion.Identity: Asked] = [:]
    /// What is asked on connections of this loop, and for which one.
    private var guests: [DialbackQuestion.Identity: (loop: Int, stream: StreamID)] = [:]
    private var streams: [DomainName: [StreamID]] = [:]
    /// The connections that were made for questions.
    private var own: [DomainName: StreamID] = [:]
    /// Those of them on which nothing is asked, the longest first.
    private var resting: [DomainName] = []
    private var connections: [StreamID: Connection] = [:]
    private var failures: [DomainName: Failure] = [:]
    private var waitingCount = 0

    init(on switchboard: Switchboard) { self.switchboard = switchboard }

    /// How many keys wait for an answer.
    var count: Int { asked.count + waitingCount }

    /// What is under way to find the server of a domain.
    func attempt(for domain: DomainName) -> OutboundAttempt? { attempts[domain] }

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
        let inquiry = Inquiry(question: question, origin: origin, completion: completion)
        if let stream = stream(for: domain) { return put(inquiry, to: place(of: stream), wasThere: true) }
        wait(for: domain, with: inquiry)
    }

    private func place(of stream: StreamConnection) -> StreamPlace {
        StreamPlace(id: stream.id, loop: switchboard.index)
    }

    /// - Parameter way: How DNS leads to the server from a domain that it was not dialled for.
    private func put(_ inquiry: Inquiry, to place: StreamPlace, wasThere: Bool, along way: Delegation? = nil) {
        let question = inquiry.question
        guard asked[question.identity] == nil else {
            return inquiry.completion(.overloaded(reason: "the same key is being asked about already"))
        }
        asked[question.identity] = Asked(inquiry: inquiry, stream: place.id, wasThere: wasThere)
        switchboard.onLoop(place.loop) { [index = switchboard.index] in
            $0.keyQuestions.ask(question, on: place.id, along: way, for: index)
        }
    }

    /// What came of a question.
    private func concluded(_ question: DialbackQuestion, _ answer: DialbackAnswer, on id: StreamID, loss: Loss?) {
        guard let asked = asked[question.identity], asked.stream == id else { return }
        self.asked[question.identity] = nil
        var inquiry = asked.inquiry
        switch loss {
        // One that was there may have been about to end.
        case .over? where asked.wasThere && !inquiry.wasLost: inquiry.wasLost = true
        case .unfit? where asked.wasThere && !inquiry.needsOwn: inquiry.needsOwn = true
        case .over, .unfit, nil: return inquiry.completion(answer)
        }
        wait(for: question.pair.sender, with: inquiry)
    }

    // MARK: - On connections of this loop

    /// Why a question has to be asked elsewhere.
    private enum Loss {
        /// The connection is not for the domain, or the one on which the key came.
        case unfit
        /// The connection is over, as any may be.
        case over
    }

    /// Asks on a connection of this loop for the one that owns the sender domain.
    private func ask(_ question: DialbackQuestion, on id: StreamID, along way: Delegation?, for guest: Int) {
        guard let stream = switchboard.streams[id], stream.side.takesQuestions, isCurrent(stream) else {
            withdraw(id)
            return tell(guest, question, .silent(reason: "the connection is not there any more"), on: id, loss: .over)
        }
        guests[question.identity] = (guest, id)
        connections[id]?.open += 1
        if let home = stream.dialledPair?.target, own[home] == id { resting.removeAll { $0 == home } }
        stream.ask(question, along: way)
    }

    /// What came of a question on one of our streams.
    func answered(_ question: DialbackQuestion, _ answer: DialbackAnswer, on stream: StreamConnection) {
        guard let guest = guests[question.identity], guest.stream == stream.id else { return }
        guests[question.identity] = nil
        connections[stream.id]?.open -= 1
        let home = stream.dialledPair?.target
        tell(guest.loop, question, answer, on: stream.id, loss: loss(of: answer, to: question, on: stream))
        if let home { rest(home) }
    }

    private func loss(of answer: DialbackAnswer, to question: DialbackQuestion, on stream: StreamConnection) -> Loss? {
        let isFurther = question.pair.sender != stream.dialledPair?.target
        switch answer {
        // Nothing was asked of it.
        case .unreachable: return stream.side.takesQuestions ? .unfit : .over
        case .silent where stream.side.takesQuestions: return nil
        case .silent:
            let connection = connections[stream.id]
            guard isFurther, !stream.wasClosedByUs, connection?.hasAnsweredFurther != true else { return .over }
            // It ended over the first question that was not about its own domain.
            if let address = connection?.address {
                switchboard.shared.questionServers.noteClosure(at: address, now: switchboard.now)
            }
            return .unfit
        case .valid, .invalid, .notFound:
            if isFurther { connections[stream.id]?.hasAnsweredFurther = true }
            return nil
        case .sameCertificate, .unproven, .unacceptable, .overloaded: return nil
        }
    }

    private func tell(
        _ guest: Int, _ question: DialbackQuestion, _ answer: DialbackAnswer, on id: StreamID, loss: Loss?
    ) {
        switchboard.onLoop(guest) { $0.keyQuestions.concluded(question, answer, on: id, loss: loss) }
    }

    /// A stream to the domain takes questions from now on.
    func opened(_ stream: StreamConnection) {
        guard let domain = stream.dialledPair?.target, streams[domain]?.contains(stream.id) != true else { return }
        streams[domain, default: []].append(stream.id)
        connections[stream.id] = Connection()
        guard stream.side.takesFurtherQuestions, switchboard.deployment.isPiggybacking(with: domain),
            let address = stream.wire.connection.peerAddress
        else { return }
        connections[stream.id]?.address = address
        switchboard.shared.questionServers.add(place(of: stream), at: address)
    }

    /// Nothing more is asked on it for domains that it was not dialled for.
    private func withdraw(_ id: StreamID) {
        guard let address = connections[id]?.address else { return }
        connections[id]?.address = nil
        switchboard.shared.questionServers.remove(id, at: address)
    }

    /// A stream that we opened is over.
    func ended(_ stream: StreamConnection) {
        withdraw(stream.id)
        guard let domain = stream.dialledPair?.target, var ids = streams[domain] else { return }
        ids.removeAll { $0 == stream.id }
        streams[domain] = ids.isEmpty ? nil : ids
        connections[stream.id] = nil
        guard own[domain] == stream.id else { return }
        own[domain] = nil
        resting.removeAll { $0 == domain }
        leave(domain)
    }

    /// Nothing more is asked on the connection of a domain: it is kept, unless another one waits for its place.
    private func rest(_ domain: DomainName) {
        guard let id = own[domain], !isBusy(id), attempts[domain] == nil, !resting.contains(domain),
            switchboard.streams[id]?.side.takesQuestions == true
        else { return }
        resting.append(domain)
        if turns.isAwaited(domain) { end(domain) }
    }

    private func isBusy(_ id: StreamID) -> Bool { connections[id].map { $0.open > 0 } ?? false }

    /// Closes a connection that rests; its end gives its place away.
    private func end(_ domain: DomainName) {
        resting.removeAll { $0 == domain }
        guard let id = own[domain] else { return }
        switchboard.streams[id]?.close(nil)
    }

    private func stream(for domain: DomainName) -> StreamConnection? {
        for id in streams[domain] ?? [] {
            if let stream = switchboard.streams[id], stream.side.takesQuestions, isCurrent(stream) { return stream }
        }
        return nil
    }

    /// A connection for questions has no watch: who keeps it busy would be believed for ever.
    private func isCurrent(_ stream: StreamConnection) -> Bool {
        let now = switchboard.wallClock()
        return stream.side.isEstablished
            || now - stream.since < Self.greatestAge && stream.side.isServerProved(at: now)
    }

    // MARK: - Dialling

    private func wait(for domain: DomainName, with inquiry: Inquiry) {
        switch turns.enter(domain, for: inquiry.origin) {
        case .refused:
            return inquiry.completion(.overloaded(reason: "too many authoritative servers are being dialled"))
        case .granted:
            line(up: inquiry, for: domain)
            dial(domain)
        case .waits:
            line(up: inquiry, for: domain)
            if let longest = resting.first(where: { turns.wouldYield($0, to: inquiry.origin) }) { end(longest) }
        }
    }

    private func line(up inquiry: Inquiry, for domain: DomainName) {
        waiting[domain, default: []].append(inquiry)
        waitingCount += 1
    }

    private func dial(_ domain: DomainName) {
        guard turns.hasTurn(domain), attempts[domain] == nil, let inquiries = waiting[domain],
            let pair = inquiries.first?.question.pair
        else { return }
        let mayJoin = switchboard.deployment.isPiggybacking(with: domain) && !inquiries.contains(where: \.needsOwn)
        let attempt = OutboundAttempt(pair.reversed, for: .questions, mayJoin: mayJoin, on: switchboard) {
            [weak self] in self?.dialled(domain, $0)
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
            if switchboard.streams[stream.id] != nil {
                // The one of before may be there still, with a proof that has run out.
                let former = own.updateValue(stream.id, forKey: domain)
                resting.removeAll { $0 == domain }
                if let former, !isBusy(former) { switchboard.streams[former]?.close(nil) }
            }
            for inquiry in inquiries { put(inquiry, to: place(of: stream), wasThere: false) }
            rest(domain)
        case .found(let place, let way):
            for inquiry in inquiries {
                if inquiry.needsOwn {
                    wait(for: domain, with: inquiry)
                } else {
                    put(inquiry, to: place, wasThere: true, along: way)
                }
            }
        // That is for pairs.
        case .joined: for inquiry in inquiries { inquiry.completion(.unreachable(reason: "no connection was made")) }
        case .failed(let failure):
            let answer = DialbackAnswer(failure)
            remember(Failure(answer: answer, until: switchboard.loop.now + pause), for: domain)
            for inquiry in inquiries { inquiry.completion(answer) }
        }
        leave(domain)
    }

    /// Gives the place of a domain away that needs none any more: at the end of the turn, so that thousands that are done at
    /// once do not call each other.
    private func leave(_ domain: DomainName) {
        switchboard.loop.afterTurn { [weak self] in
            // The connection of before may be there still, on its way out.
            guard let self, own[domain] == nil, attempts[domain] == nil else { return }
            for next in turns.leave(domain) { dial(next) }
        }
    }

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
        case .notFound, .lookupFailed, .unreachable, .pairRefused, .hadNoTurn, .keyRefused:
            self = .unreachable(reason: failure.explanation)
        }
    }
}
