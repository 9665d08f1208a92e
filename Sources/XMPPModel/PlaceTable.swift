/// Finds things that stand in an array by their hash: a dictionary without its keys, which are in the array already and are
/// most of what thousands of pairs would cost.
///
/// Whoever asks says which of the places with the same hash is meant.
package struct PlaceTable: Sendable {
    private struct Slot: Sendable {
        var hash: UInt32 = 0
        /// Below zero: free.
        var place: Int32 = -1
        /// How many things the place stands for.
        var count: Int32 = 0
    }

    private var slots: [Slot] = []
    private var used = 0

    /// An empty one.
    package init() {}

    /// Where a thing stands, and how many the place stands for; nil for none.
    package func find(_ hash: Int, where isMeant: (Int) -> Bool) -> (place: Int, count: Int)? {
        index(hash, where: isMeant).map { (Int(slots[$0].place), Int(slots[$0].count)) }
    }

    /// Adds a place, which is not there yet.
    package mutating func insert(_ hash: Int, at place: Int) {
        if (used + 1) * 4 > slots.count * 3 { grow() }
        add(Slot(hash: UInt32(truncatingIfNeeded: hash), place: Int32(truncatingIfNeeded: place), count: 1))
        used += 1
    }

    /// Gives a place and its count anew.
    package mutating func update(_ hash: Int, at place: Int, to new: Int, count: Int) {
        guard let index = index(hash, where: { $0 == place }) else { return }
        slots[index].place = Int32(truncatingIfNeeded: new)
        slots[index].count = Int32(truncatingIfNeeded: count)
    }

    /// Removes a place.
    package mutating func remove(_ hash: Int, at place: Int) {
        guard var free = index(hash, where: { $0 == place }) else { return }
        used -= 1
        slots[free] = Slot()
        // Whoever stands further on because of it moves up, so that nobody is cut off.
        var next = (free + 1) & (slots.count - 1)
        while slots[next].place >= 0 {
            let home = home(of: slots[next].hash)
            if (next - home) & (slots.count - 1) >= (next - free) & (slots.count - 1) {
                slots[free] = slots[next]
                slots[next] = Slot()
                free = next
            }
            next = (next + 1) & (slots.count - 1)
        }
    }

    private func home(of hash: UInt32) -> Int { Int(hash) & (slots.count - 1) }

    private func index(_ hash: Int, where isMeant: (Int) -> Bool) -> Int? {
        guard !slots.isEmpty else { return nil }
        let hash = UInt32(truncatingIfNeeded: hash)
        var index = home(of: hash)
        while slots[index].place >= 0 {
            if slots[index].hash == hash, isMeant(Int(slots[index].place)) { return index }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func add(_ slot: Slot) {
        var index = home(of: slot.hash)
        while slots[index].place >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let former = slots
        slots = [Slot](repeating: Slot(), count: max(4, former.count * 2))
        for slot in former where slot.place >= 0 { add(slot) }
    }
}
