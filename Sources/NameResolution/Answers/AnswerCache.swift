public import DNSMessages

/// Answers for as long as they hold (RFC 2308 §5, DN-14).
///
/// It keeps two generations: when the newer is full, the older is dropped whole. So the answers in use survive, nothing
/// has to be sorted, and what strangers made us ask cannot grow without a bound, in number or in octets.
public struct AnswerCache: Sendable {
    /// A kept answer.
    public struct Hit: Hashable, Sendable {
        /// The answer, with the lifetime that is left of it.
        public let answer: Answer
        /// Whether the last tenth of its lifetime has begun: time to ask again, so that nobody has to wait.
        public let isDue: Bool
    }

    private struct Key: Hashable {
        let name: DNSName
        /// Nil for "the name does not exist", which holds for every type.
        let type: RecordType?
    }

    /// What does not change of an entry; apart, since a table has up to twice as many places as entries.
    private final class Content: Sendable {
        let answer: Answer
        let expiry: Duration
        let end: Duration
        let octets: Int

        init(answer: Answer, expiry: Duration, end: Duration, octets: Int) {
            (self.answer, self.expiry, self.end, self.octets) = (answer, expiry, end, octets)
        }
    }

    private struct Entry {
        private let content: Content
        /// When it may be asked for again ahead of time.
        var renewal: Duration

        init(answer: Answer, expiry: Duration, end: Duration, octets: Int, renewal: Duration) {
            content = Content(answer: answer, expiry: expiry, end: end, octets: octets)
            self.renewal = renewal
        }

        var answer: Answer { content.answer }
        var expiry: Duration { content.expiry }
        /// Until when it may be given if nobody answers; its expiry or later.
        var end: Duration { content.end }
        var octets: Int { content.octets }
    }

    private struct Generation {
        var entries: [Key: Entry] = [:]
        var octets = 0

        mutating func insert(_ entry: Entry, for key: Key) {
            octets += entry.octets - (entries.updateValue(entry, forKey: key)?.octets ?? 0)
        }

        mutating func remove(_ key: Key) -> Entry? {
            let entry = entries.removeValue(forKey: key)
            octets -= entry?.octets ?? 0
            return entry
        }

        mutating func delayRenewal(_ key: Key, until moment: Duration) {
            entries[key]?.renewal = moment
        }

        mutating func removeAll(where isUnwanted: (Key, Entry) -> Bool) {
            entries = entries.filter { !isUnwanted($0.key, $0.value) }
            octets = entries.values.reduce(0) { $0 + $1.octets }
        }
    }

    /// How long a failure is remembered, so that a broken domain is not asked for at every stanza (RFC 2308 §7 allows
    /// five minutes).
    public static let failureLifetime = Duration.seconds(30)
    /// How long an answer whose time is over is given before somebody is asked again (RFC 8767 §4).
    public static let staleAnswerLifetime = Duration.seconds(30)
    /// What lives shorter is not asked for ahead of time: it would double the questions.
    private static let shortestLifetimeToRenew = Duration.seconds(20)
    /// Where renewing fails, it is not tried more often.
    private static let renewalPause = Duration.seconds(5)

    private let generationCapacity: Int
    private let generationOctets: Int
    private let staleLifetime: Duration
    private var newer = Generation()
    private var older = Generation()

    /// - Parameters:
    ///   - capacity: How many answers are kept at most.
    ///   - octets: How much memory they may take up, as far as it can be estimated.
    ///   - staleLifetime: How long answers are kept after their time, for ``staleAnswer(to:at:)``.
    public init(capacity: Int = 65_536, octets: Int = 64 << 20, staleLifetime: Duration = .zero) {
        generationCapacity = max(1, capacity / 2)
        generationOctets = max(1, octets / 2)
        self.staleLifetime = staleLifetime
    }

    /// How many answers are kept at the moment, those that ran out included.
    public var count: Int { newer.entries.count + older.entries.count }

    /// The memory that they take up, in octets, as far as it can be estimated.
    public var octets: Int { newer.octets + older.octets }

    /// The answer to a question, with the lifetime that is left of it.
    public mutating func answer(to question: DNSQuestion, at now: Duration) -> Answer? {
        hit(for: question, at: now)?.answer
    }

    /// The answer to a question, and whether it is time to ask again.
    public mutating func hit(for question: DNSQuestion, at now: Duration) -> Hit? {
        for type in [question.type, nil] {
            guard let entry = entry(Key(name: question.name, type: type), at: now), entry.expiry > now else { continue }
            let answer = entry.answer.repeated(
                for: question, lifetime: entry.expiry - now, isStale: entry.answer.isStale)
            return Hit(answer: answer, isDue: entry.renewal <= now)
        }
        return nil
    }

    /// Takes note that a kept answer is being asked for again.
    public mutating func noteRenewal(of question: DNSQuestion, at now: Duration) {
        for type in [question.type, nil] {
            newer.delayRenewal(Key(name: question.name, type: type), until: now + Self.renewalPause)
        }
    }

    /// An answer to a question whose time is over, but not by too much; for when nobody answers (RFC 8767). It counts for
    /// ``staleAnswerLifetime`` then, in which it is an answer like others.
    ///
    /// Answers that were proved are not given: the proof has an end (DS-15).
    public mutating func staleAnswer(to question: DNSQuestion, at now: Duration) -> Answer? {
        guard staleLifetime > .zero else { return nil }
        for type in [question.type, nil] {
            let key = Key(name: question.name, type: type)
            guard let entry = entry(key, at: now), entry.answer.failure == nil, entry.answer.security != .secure
            else { continue }
            let lifetime = min(Self.staleAnswerLifetime, entry.end - now)
            let answer = entry.answer.repeated(for: entry.answer.question, lifetime: lifetime, isStale: true)
            insert(
                Entry(
                    answer: answer, expiry: now + lifetime, end: entry.end, octets: entry.octets,
                    renewal: now + lifetime),
                for: key)
            return answer.repeated(for: question, lifetime: lifetime, isStale: true)
        }
        return nil
    }

    /// Keeps an answer for its lifetime, a failure for ``failureLifetime``.
    ///
    /// A failure does not take the place of an answer that holds.
    public mutating func store(_ answer: Answer, at now: Duration) {
        let question = answer.question
        var type: RecordType? = question.type
        var lifetime = answer.lifetime
        switch answer.content {
        case .records, .noRecords:
            break
        case .nameDoesNotExist:
            // Of an alias it is the target that does not exist.
            if answer.canonicalName == question.name { type = nil }
        case .failed(let failure):
            guard failure.isWorthRemembering, !hasAnswer(to: question, at: now) else { return }
            lifetime = Self.failureLifetime
        }
        // What there is no longer must not come back when the new answer's time is over.
        for outdated in [question.type, nil] where outdated != type {
            forget(Key(name: question.name, type: outdated))
        }
        guard lifetime > .zero else { return forget(Key(name: question.name, type: type)) }
        let kept = answer.compacted
        let expiry = now + lifetime
        let isRenewed = answer.failure == nil && lifetime >= Self.shortestLifetimeToRenew
        let renewal = isRenewed ? expiry - lifetime / 10 : expiry
        let end = answer.failure == nil ? expiry + staleLifetime : expiry
        insert(
            Entry(answer: kept, expiry: expiry, end: end, octets: kept.estimatedOctets, renewal: renewal),
            for: Key(name: question.name, type: type))
    }

    /// Forgets everything, after a change of the name servers for instance.
    public mutating func removeAll() {
        newer = Generation()
        older = Generation()
    }

    /// Forgets what is known of a name and all names below it, and what led there by an alias (EN-07).
    public mutating func forget(below zone: DNSName) {
        let isUnwanted = { (key: Key, entry: Entry) in
            key.name.isAtOrBelow(zone) || entry.answer.canonicalName.isAtOrBelow(zone)
        }
        newer.removeAll(where: isUnwanted)
        older.removeAll(where: isUnwanted)
    }

    private func hasAnswer(to question: DNSQuestion, at now: Duration) -> Bool {
        [question.type, nil].contains { type in
            let key = Key(name: question.name, type: type)
            guard let entry = newer.entries[key] ?? older.entries[key] else { return false }
            return entry.answer.failure == nil && entry.expiry > now
        }
    }

    private mutating func forget(_ key: Key) {
        _ = newer.remove(key)
        _ = older.remove(key)
    }

    /// An entry that may still be given, if only when nobody answers.
    private mutating func entry(_ key: Key, at now: Duration) -> Entry? {
        if let entry = newer.entries[key] {
            if entry.end > now { return entry }
            _ = newer.remove(key)
        } else if let entry = older.remove(key), entry.end > now {
            insert(entry, for: key)
            return entry
        }
        return nil
    }

    private mutating func insert(_ entry: Entry, for key: Key) {
        _ = older.remove(key)
        // One answer that alone takes up more than its share is not worth the others.
        guard entry.octets <= generationOctets else { return }
        let isNew = newer.entries[key] == nil
        if isNew, newer.entries.count >= generationCapacity || newer.octets + entry.octets > generationOctets {
            older = newer
            newer = Generation()
        }
        newer.insert(entry, for: key)
    }
}
