internal import XMPPModel

/// The pairs of a router in numbered slots, so that streams and destinations can name them without hashing.
struct PairTable: Sendable {
    private var entries: [PairRoute] = []
    private var isVacant: [Bool] = []
    private var vacant: [Int] = []

    /// The number of pairs.
    var count: Int { entries.count - vacant.count }

    /// The pair in a slot.
    subscript(slot: Int) -> PairRoute {
        _read { yield entries[slot] }
        _modify { yield &entries[slot] }
    }

    /// The slots that are in use.
    var slots: [Int] { entries.indices.filter { !isVacant[$0] } }

    /// Adds a pair.
    mutating func insert(_ route: PairRoute) -> Int {
        guard let slot = vacant.popLast() else {
            entries.appendSparingly(route)
            isVacant.appendSparingly(false)
            return entries.count - 1
        }
        entries[slot] = route
        isVacant[slot] = false
        return slot
    }

    /// Removes a pair; its slot is used again.
    mutating func remove(_ slot: Int) {
        guard !isVacant[slot] else { return }
        isVacant[slot] = true
        vacant.append(slot)
    }
}
