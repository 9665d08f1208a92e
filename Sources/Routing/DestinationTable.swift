internal import XMPPModel

/// Destinations by the spelling of their domain: found by bytes, so that no string is made for a stanza.
struct DestinationTable: Sendable {
    /// The destinations; a slot is valid until ``removeAll(where:)`` removes it.
    private(set) var entries: [Destination] = []
    private var isVacant: [Bool] = []
    private var vacant: [Int] = []
    private var places = PlaceTable()

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
        spelling.withUnsafeBytes { bytes in
            places.find(Self.hash(bytes)) { entries[$0].name.hasSameSpelling(as: bytes) }?.place
        }
    }

    /// The slot of a domain.
    func slot(of name: DomainName) -> Int? { places.find(Self.hash(name)) { entries[$0].name == name }?.place }

    /// Adds a destination whose domain is not yet in the table.
    mutating func insert(_ destination: Destination) -> Int {
        let slot: Int
        if let free = vacant.popLast() {
            slot = free
            entries[slot] = destination
            isVacant[slot] = false
        } else {
            slot = entries.count
            entries.appendSparingly(destination)
            isVacant.appendSparingly(false)
        }
        places.insert(Self.hash(destination.name), at: slot)
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
        // Made anew, so that it gets smaller too.
        places = PlaceTable()
        for slot in slots { places.insert(Self.hash(entries[slot].name), at: slot) }
    }

    /// Recipients are chosen by strangers, so the hash is keyed.
    private static func hash(_ spelling: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: spelling)
        return hasher.finalize()
    }

    private static func hash(_ name: DomainName) -> Int {
        var spelling = name.description
        return spelling.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
