internal import XMPPModel

/// Destinations by the spelling of their domain: found by bytes, so that no string is made for a stanza.
///
/// A hash table with linear probing. Removal happens only in bulk and rebuilds it, so there are no tombstones.
struct DestinationTable: Sendable {
    private struct Cell: Sendable {
        var hash: Int
        /// The index into `entries`; negative for an empty cell.
        var slot: Int
    }

    private static let empty = Cell(hash: 0, slot: -1)

    /// The destinations; a slot is valid until ``removeAll(where:)`` removes it.
    private(set) var entries: [Destination] = []
    private var isVacant: [Bool] = []
    private var vacant: [Int] = []
    private var cells: [Cell] = Array(repeating: Self.empty, count: 64)

    /// The number of destinations.
    var count: Int { entries.count - vacant.count }

    /// The destination in a slot.
    subscript(slot: Int) -> Destination {
        _read { yield entries[slot] }
        _modify { yield &entries[slot] }
    }

    /// The slots that are in use.
    var slots: [Int] { entries.indices.filter { !isVacant[$0] } }

    /// The slot of the domain that is spelled so in its canonical form.
    func slot(spelled spelling: ArraySlice<UInt8>) -> Int? {
        let hash = Self.hash(spelling)
        let mask = cells.count - 1
        var index = hash & mask
        while cells[index].slot >= 0 {
            let cell = cells[index]
            if cell.hash == hash, Self.isEqual(entries[cell.slot].spelling, spelling) { return cell.slot }
            index = (index + 1) & mask
        }
        return nil
    }

    /// The slot of a domain.
    func slot(of name: DomainName) -> Int? { slot(spelled: Array(name.description.utf8)[...]) }

    /// Adds a destination whose domain is not yet in the table.
    mutating func insert(_ destination: Destination) -> Int {
        let slot: Int
        if let free = vacant.popLast() {
            slot = free
            entries[slot] = destination
            isVacant[slot] = false
        } else {
            slot = entries.count
            entries.append(destination)
            isVacant.append(false)
        }
        if count * 2 > cells.count {
            rebuild()
        } else {
            place(slot)
        }
        return slot
    }

    /// Removes destinations; their slots are used again.
    mutating func removeAll(where isGone: (Destination) -> Bool) {
        var hasChanged = false
        for slot in entries.indices where !isVacant[slot] && isGone(entries[slot]) {
            isVacant[slot] = true
            vacant.append(slot)
            hasChanged = true
        }
        guard hasChanged else { return }
        while let last = isVacant.last, last {
            isVacant.removeLast()
            entries.removeLast()
        }
        vacant.removeAll { $0 >= entries.count }
        rebuild()
    }

    private mutating func rebuild() {
        var size = 64
        while size < count * 4 { size *= 2 }
        cells = Array(repeating: Self.empty, count: size)
        for slot in entries.indices where !isVacant[slot] { place(slot) }
    }

    private mutating func place(_ slot: Int) {
        let hash = Self.hash(entries[slot].spelling[...])
        let mask = cells.count - 1
        var index = hash & mask
        while cells[index].slot >= 0 { index = (index + 1) & mask }
        cells[index] = Cell(hash: hash, slot: slot)
    }

    /// Recipients are chosen by strangers, so the hash is keyed.
    private static func hash(_ spelling: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        spelling.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private static func isEqual(_ own: [UInt8], _ spelling: ArraySlice<UInt8>) -> Bool {
        guard own.count == spelling.count else { return false }
        return own.withUnsafeBytes { own in
            spelling.withUnsafeBytes { given in
                for index in 0..<own.count where own[index] != given[index] { return false }
                return true
            }
        }
    }
}
