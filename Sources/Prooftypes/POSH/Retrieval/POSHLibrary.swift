public import DomainAssociation

/// What has been retrieved by POSH, and what is being retrieved: one retrieval at a time for a domain and service, and its
/// result for all who ask meanwhile and until it expires (PO-18, PO-22).
public struct POSHLibrary: Sendable {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// A retrieval begins: when ``POSHRetrieval/mostSeconds`` have passed, `failed(.timedOut)` is due.
        case begin(POSHQuestion, retrieval: Int)
        /// Send one GET request; what comes of it is handed in for this retrieval.
        case get(HTTPSAddress, retrieval: Int)
        /// The retrieval is over: its timer and what is left of its request are to be ended. With what it found; nil when
        /// it was given up.
        case end(retrieval: Int, found: PublishedKeys?)
        /// Those who wait have their answer.
        case deliver(PublishedKeys, to: [Int])
    }

    private struct Undertaking {
        var question: POSHQuestion
        var retrieval: POSHRetrieval
        var tickets: [Int]
        let start: Int64
    }

    private struct Entry {
        var keys: PublishedKeys
        /// Since when it is kept. Before that it counts for nothing: a clock that was set back would make it count for as
        /// long as it was wrong.
        let start: Int64
        var expires: Int64
        /// From when on whoever asks sets off a new retrieval.
        var renewal: Int64
        let footprint: Int

        func isFresh(at moment: Int64) -> Bool { start <= moment && moment < renewal }
        func counts(at moment: Int64) -> Bool { start <= moment && moment < expires }
    }

    /// How long a retrieval may take whatever else is asked for, in seconds: most web servers have answered by then, and
    /// those who stall on purpose shall not keep others from being asked.
    static let guaranteedSeconds: Int64 = 3

    private let capacity: Int
    private let mostOctets: Int
    private let mostRetrievals: Int
    private var entries: [POSHQuestion: Entry] = [:]
    /// How much memory the entries take together.
    private var footprint = 0
    private var undertakings: [Int: Undertaking] = [:]
    private var numbers: [POSHQuestion: Int] = [:]
    private var lastNumber = 0

    /// An empty library.
    ///
    /// - Parameters:
    ///   - capacity: Results that are kept.
    ///   - mostOctets: How much memory they may take together, about; beyond that the largest go.
    ///   - mostRetrievals: Retrievals at a time. Beyond that the oldest gives way once it has had its time; before, who asks
    ///     is told that there is nothing.
    public init(capacity: Int = 10_000, mostOctets: Int = 64 * 1_048_576, mostRetrievals: Int = 256) {
        self.capacity = max(capacity, 1)
        self.mostOctets = mostOctets
        self.mostRetrievals = max(mostRetrievals, 1)
    }

    /// Somebody wants to know.
    ///
    /// - Parameters:
    ///   - question: What they want to know.
    ///   - ticket: Names them in the answer.
    ///   - moment: Seconds since 1970.
    public mutating func ask(_ question: POSHQuestion, ticket: Int, at moment: Int64) -> [Action] {
        if let entry = entries[question], entry.isFresh(at: moment) { return [.deliver(entry.keys, to: [ticket])] }
        if let number = numbers[question] {
            undertakings[number]?.tickets.append(ticket)
            return []
        }
        let actions = undertakings.count < mostRetrievals ? [] : endOldest(at: moment)
        guard undertakings.count < mostRetrievals else {
            let keys =
                current(question, at: moment)
                ?? PublishedKeys(.unanswered(reason: "too many retrievals at a time"))
            return [.deliver(keys, to: [ticket])]
        }
        return actions + begin(question, for: [ticket], at: moment)
    }

    private mutating func endOldest(at moment: Int64) -> [Action] {
        guard let oldest = undertakings.min(by: { $0.key < $1.key }),
            moment >= oldest.value.start + Self.guaranteedSeconds
        else { return [] }
        return handle(.failed(.timedOut), retrieval: oldest.key, at: moment)
    }

    /// Takes what came of a retrieval's last request; of one that is over nothing counts.
    public mutating func handle(_ event: POSHRetrieval.Event, retrieval: Int, at moment: Int64) -> [Action] {
        perform(retrieval, at: moment) { $0.handle(event) }
    }

    /// What was retrieved for some questions counts no more, and what is being retrieved for them begins anew: how they
    /// are to be asked has changed.
    public mutating func renew(at moment: Int64, where hasChanged: (POSHQuestion) -> Bool) -> [Action] {
        remove { question, _ in hasChanged(question) }
        let outdated = undertakings.filter { hasChanged($0.value.question) }.sorted { $0.key < $1.key }
        return outdated.flatMap { number, undertaking -> [Action] in
            undertakings[number] = nil
            return [.end(retrieval: number, found: nil)]
                + begin(undertaking.question, for: undertaking.tickets, at: moment)
        }
    }

    private mutating func begin(_ question: POSHQuestion, for tickets: [Int], at moment: Int64) -> [Action] {
        lastNumber += 1
        numbers[question] = lastNumber
        undertakings[lastNumber] = Undertaking(
            question: question, retrieval: POSHRetrieval(question, start: moment), tickets: tickets, start: moment)
        return [.begin(question, retrieval: lastNumber)] + perform(lastNumber, at: moment) { $0.begin() }
    }

    private mutating func perform(
        _ number: Int, at moment: Int64, _ step: (inout POSHRetrieval) -> [POSHRetrieval.Action]
    ) -> [Action] {
        guard var undertaking = undertakings[number] else { return [] }
        let actions = step(&undertaking.retrieval)
        undertakings[number] = undertaking
        return actions.flatMap { action -> [Action] in
            switch action {
            case .get(let url): return [.get(url, retrieval: number)]
            case .finish(let keys): return finish(undertaking, number, keys, at: moment)
            }
        }
    }

    private mutating func finish(
        _ undertaking: Undertaking, _ number: Int, _ keys: PublishedKeys, at moment: Int64
    ) -> [Action] {
        undertakings[number] = nil
        numbers[undertaking.question] = nil
        var result = keys
        // Whoever stands between us and the web server must not end what still counts; a document may.
        if keys.isWithoutDocument, let kept = current(undertaking.question, at: moment), kept.material != nil {
            result = kept
            let soon = min(
                moment + POSHRetrieval.negativeLifetime / 4, entries[undertaking.question]?.expires ?? moment)
            entries[undertaking.question]?.renewal = soon
        } else if let expires = keys.expires, expires > moment {
            keep(keys, until: expires, of: undertaking.question, at: moment)
        }
        return [.end(retrieval: number, found: keys), .deliver(result, to: undertaking.tickets)]
    }

    private func current(_ question: POSHQuestion, at moment: Int64) -> PublishedKeys? {
        entries[question].flatMap { $0.counts(at: moment) ? $0.keys : nil }
    }

    private mutating func keep(_ keys: PublishedKeys, until end: Int64, of question: POSHQuestion, at moment: Int64) {
        let size = keys.footprint
        remove(question)
        if entries.count >= capacity || footprint + size > mostOctets {
            remove { _, entry in !entry.counts(at: moment) }
        }
        if entries.count >= capacity, let first = entries.min(by: { $0.value.expires < $1.value.expires }) {
            remove(first.key)
        }
        if footprint + size > mostOctets {
            // The largest goes, so that nobody crowds out small documents with large ones; it may be this one.
            guard let largest = entries.max(by: { $0.value.footprint < $1.value.footprint }),
                largest.value.footprint >= size
            else { return }
            remove(largest.key)
        }
        // Proofs are made again shortly before they end, and are to find something newer by then.
        let margin = keys.material == nil ? 0 : min(300, (end - moment) / 10)
        entries[question] = Entry(
            keys: keys, start: moment, expires: end, renewal: end - margin, footprint: size)
        footprint += size
    }

    private mutating func remove(_ question: POSHQuestion) {
        footprint -= entries.removeValue(forKey: question)?.footprint ?? 0
    }

    private mutating func remove(where isGone: (POSHQuestion, Entry) -> Bool) {
        entries = entries.filter { !isGone($0.key, $0.value) }
        footprint = entries.values.reduce(0) { $0 + $1.footprint }
    }
}

extension PublishedKeys {
    /// Whether no document was read: nothing there, nobody reached, or nobody who may be believed.
    fileprivate var isWithoutDocument: Bool {
        switch content {
        case .none, .unanswered, .refused: true
        case .material, .invalid: false
        }
    }
}
