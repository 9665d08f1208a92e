internal import XMPPModel

/// The streams to one server in the order of their age. Any of them may end: peers that carry one pair on each have thousands.
struct StreamLine {
    /// Those that have ended leave a gap.
    private var places: [StreamPlace?] = []
    /// Where each is.
    private var indices: [StreamID: Int] = [:]
    /// How many gaps there are in front.
    private var start = 0

    /// The one that serves next; nil when there is none.
    var oldest: StreamPlace? { start < places.count ? places[start] : nil }
    /// How much room is taken, gaps included.
    var capacity: Int { places.count }

    /// A stream comes about; it is the youngest.
    mutating func append(_ place: StreamPlace) {
        guard indices[place.id] == nil else { return }
        indices[place.id] = places.count
        places.append(place)
    }

    /// A stream is over.
    mutating func remove(_ id: StreamID) {
        guard let index = indices.removeValue(forKey: id) else { return }
        places[index] = nil
        while start < places.count, places[start] == nil { start += 1 }
        if places.count > 16, places.count > 2 * indices.count { closeGaps() }
    }

    private mutating func closeGaps() {
        places = places.filter { $0 != nil }
        start = 0
        indices.removeAll(keepingCapacity: true)
        for (index, place) in places.enumerated() {
            if let place { indices[place.id] = index }
        }
    }
}
