public import DNSMessages

/// Answers for as long as they hold (RFC 2308 §5, DN-14).
///
/// It keeps two generations: when the newer is full, the older is dropped whole. So the answers in use survive, nothing
/// has to be sorted, and what strangers made us ask cannot grow without a bound.
public struct AnswerCache: Sendable {
    private struct Key: Hashable {
        let name: DNSName
        /// Nil for "the name does not exist", which holds for every type.
        let type: RecordType?
    }

    private struct Entry {
        let answer: Answer
        let expiry: Duration
    }

    /// How long a failure is remembered, so that a broken domain is not asked for at every stanza (RFC 2308 §7 allows
    /// five minutes).
    public static let failureLifetime = Duration.seconds(30)

    private let generationCapacity: Int
    private var newer: [Key: Entry] = [:]
    private var older: [Key: Entry] = [:]

    /// - Parameter capacity: How many answers are kept at most.
    public init(capacity: Int = 8192) {
        generationCapacity = max(1, capacity / 2)
    }

    /// How many answers are kept at the moment, those that ran out included.
    public var count: Int { newer.count + older.count }

    /// The answer to a question, with the lifetime that is left of it.
    public mutating func answer(to question: DNSQuestion, at now: Duration) -> Answer? {
        for type in [question.type, nil] {
            guard let entry = entry(Key(name: question.name, type: type), at: now) else { continue }
            let answer = entry.answer
            return Answer(
                to: question, answer.content, canonicalName: answer.canonicalName, security: answer.security,
                lifetime: entry.expiry - now)
        }
        return nil
    }

    /// Keeps an answer for its lifetime, a failure for ``failureLifetime``.
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
            guard failure.isWorthRemembering else { return }
            lifetime = Self.failureLifetime
        }
        guard lifetime > .zero else { return }
        insert(Entry(answer: answer, expiry: now + lifetime), for: Key(name: question.name, type: type))
    }

    /// Forgets everything, after a change of the name servers for instance.
    public mutating func removeAll() {
        newer = [:]
        older = [:]
    }

    private mutating func entry(_ key: Key, at now: Duration) -> Entry? {
        if let entry = newer[key] {
            if entry.expiry > now { return entry }
            newer[key] = nil
        } else if let entry = older.removeValue(forKey: key), entry.expiry > now {
            insert(entry, for: key)
            return entry
        }
        return nil
    }

    private mutating func insert(_ entry: Entry, for key: Key) {
        older[key] = nil
        if newer.count >= generationCapacity, newer[key] == nil {
            older = newer
            newer = [:]
        }
        newer[key] = entry
    }
}

extension LookupFailure {
    /// Whether asking again at once would be in vain; what is our own doing passes by itself.
    var isWorthRemembering: Bool {
        switch self {
        case .serverAnswered, .timedOut, .malformed, .lameServer, .tooManyAliases, .bogus, .unproven, .refusedByHTTP:
            true
        case .unreachable, .notAuthenticated, .notAName, .overloaded, .noServers, .cancelled: false
        }
    }
}
