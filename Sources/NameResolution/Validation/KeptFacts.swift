/// A bounded memory of what was found out, each with its end.
struct KeptFacts<Key: Hashable & Sendable, Fact: Sendable>: Sendable {
    private struct Entry {
        let fact: Fact
        let expiry: Duration
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]

    /// - Parameter capacity: How many facts are kept at most; beyond, those that end first are forgotten.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { entries.count }

    func fact(_ key: Key, at now: Duration) -> Fact? {
        guard let entry = entries[key], entry.expiry > now else { return nil }
        return entry.fact
    }

    mutating func keep(_ fact: Fact, as key: Key, until expiry: Duration, at now: Duration) {
        guard expiry > now else {
            entries[key] = nil
            return
        }
        if entries.count >= capacity, entries[key] == nil { makeRoom(at: now) }
        entries[key] = Entry(fact: fact, expiry: expiry)
    }

    mutating func forget(where isConcerned: (Key) -> Bool) {
        entries = entries.filter { !isConcerned($0.key) }
    }

    mutating func forgetAll() {
        entries = [:]
    }

    /// Frees an eighth at once, so that a flood of names does not make each of them look through all.
    private mutating func makeRoom(at now: Duration) {
        entries = entries.filter { $0.value.expiry > now }
        let surplus = entries.count - capacity + max(1, capacity / 8)
        guard surplus > 0 else { return }
        for (key, _) in entries.sorted(by: { $0.value.expiry < $1.value.expiry }).prefix(surplus) {
            entries[key] = nil
        }
    }
}
