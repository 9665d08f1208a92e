internal import DomainAssociation
internal import EventLoops
internal import XMPPModel

/// What the associations of one stream rest on, and when each proof has to be made once more. Those that rest on the same proof
/// are watched and reviewed together, however many pairs they are.
///
/// A stream may rest on thousands of proofs, so that what is kept of one is small: no timer, no claim, and the stream's timer
/// alone stands for all of them.
struct ProofWatches: Sendable {
    private struct Entry {
        /// The first that joined: what has to be proved again is made from it.
        var association: Association
        /// How many associations rest on the proof.
        var count: Int32 = 1
        /// Where it stands among those that wait for their time.
        var turn: Int32 = Self.none
        var due = LoopTime.distantFuture
        /// When the proof ends as far as is known by now, in seconds since 1970; of no meaning for one that never ends.
        var expires: Int64
        /// What prooftypes said later than when it was proved.
        var late: [ProofVerdict] = []

        /// Waits for nothing.
        static let none: Int32 = -1
        /// Is being proved once more.
        static let asking: Int32 = -2

        init(_ association: Association) {
            self.association = association
            expires = association.expires ?? .max
        }

    }

    private var entries: [Entry] = []
    private var places = PlaceTable()
    /// The places of those that wait, a heap: the next one first.
    private var turns: [Int32] = []

    /// Counts an association.
    ///
    /// - Returns: Whether it is the first that rests on its proof.
    mutating func join(_ association: Association) -> Bool {
        if let place = place(of: association) {
            entries[place].count += 1
            return false
        }
        places.insert(Self.hash(association), at: entries.count)
        entries.appendSparingly(Entry(association))
        return true
    }

    /// Counts an association that is over; with the last one the watch ends.
    mutating func leave(_ association: Association) {
        guard let place = place(of: association) else { return }
        entries[place].count -= 1
        guard entries[place].count == 0 else { return }
        stopWaiting(place)
        places.remove(Self.hash(association), at: place)
        // The last takes the free place.
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        places.update(Self.hash(last.association), at: entries.count, to: place, count: 1)
        if last.turn >= 0 { turns[Int(last.turn)] = Int32(place) }
    }

    /// Watches nothing any more.
    mutating func cancel() { self = ProofWatches() }

    // MARK: - What is known

    /// When the proof of an association ends, in seconds since 1970.
    func expires(_ association: Association) -> Int64? {
        guard let end = association.expires, let place = place(of: association) else { return association.expires }
        return entries[place].association.expires == nil ? end : entries[place].expires
    }

    /// What every prooftype said of it.
    func verdicts(of association: Association) -> [ProofVerdict] {
        guard let place = place(of: association), !entries[place].late.isEmpty else { return association.verdicts }
        let late = entries[place].late
        return association.verdicts.map { verdict in late.first { $0.prooftype == verdict.prooftype } ?? verdict }
    }

    /// Prooftypes have said later what they think of a proof.
    mutating func set(_ late: [ProofVerdict], of association: Association) {
        if let place = place(of: association) { entries[place].late = late }
    }

    /// How many associations rest on the same proof as one.
    func count(of association: Association) -> Int { place(of: association).map { Int(entries[$0].count) } ?? 0 }

    /// Whether two associations rest on the same proof.
    static func restOnSame(_ one: Association, _ other: Association) -> Bool {
        one.remoteDomain == other.remoteDomain && one.direction == other.direction
            && one.certificateSHA256 == other.certificateSHA256
    }

    // MARK: - Time

    /// When the next proof is to be made once more; nil for never.
    var nextDue: LoopTime? { turns.first.map { entries[Int($0)].due } }

    /// A proof is to be made once more at a time; nothing where no association rests on it any more.
    ///
    /// - Parameter expires: When it ends as far as is known by now, in seconds since 1970.
    mutating func wait(_ association: Association, until due: LoopTime, expiring expires: Int64) {
        guard let place = place(of: association) else { return }
        stopWaiting(place)
        entries[place].expires = expires
        entries[place].due = due
        entries[place].turn = Int32(turns.count)
        turns.appendSparingly(Int32(place))
        rise(turns.count - 1)
    }

    /// Takes out those whose time has come, some at a time: a certificate that runs out may stand for thousands.
    mutating func takeDue(at now: LoopTime, most: Int) -> [(association: Association, expires: Int64)] {
        var due: [(association: Association, expires: Int64)] = []
        while due.count < most, let first = turns.first, entries[Int(first)].due <= now {
            stopWaiting(Int(first))
            entries[Int(first)].turn = Entry.asking
            due.append((entries[Int(first)].association, entries[Int(first)].expires))
        }
        return due
    }

    /// Ends the question about a proof.
    ///
    /// - Returns: When it ends as far as was known, in seconds since 1970; nil when nobody waits for an answer any more.
    mutating func takeAnswer(about association: Association) -> Int64? {
        guard let place = place(of: association), entries[place].turn == Entry.asking else { return nil }
        entries[place].turn = Entry.none
        return entries[place].expires
    }

    // MARK: - The heap

    private mutating func stopWaiting(_ place: Int) {
        let turn = Int(entries[place].turn)
        entries[place].turn = Entry.none
        guard turn >= 0 else { return }
        let last = turns.removeLast()
        guard turn < turns.count else { return }
        put(last, at: turn)
        rise(turn)
        sink(turn)
    }

    private mutating func rise(_ start: Int) {
        var turn = start
        while turn > 0, isDue(turn, before: (turn - 1) / 2) {
            swap(turn, (turn - 1) / 2)
            turn = (turn - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var turn = start
        while true {
            var first = turn
            for child in [2 * turn + 1, 2 * turn + 2] where child < turns.count && isDue(child, before: first) {
                first = child
            }
            guard first != turn else { return }
            swap(turn, first)
            turn = first
        }
    }

    private func isDue(_ turn: Int, before other: Int) -> Bool {
        entries[Int(turns[turn])].due < entries[Int(turns[other])].due
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        let place = turns[one]
        put(turns[other], at: one)
        put(place, at: other)
    }

    private mutating func put(_ place: Int32, at turn: Int) {
        turns[turn] = place
        entries[Int(place)].turn = Int32(turn)
    }

    // MARK: - What rests on what

    private func place(of association: Association) -> Int? {
        places.find(Self.hash(association)) { Self.restOnSame(entries[$0].association, association) }?.place
    }

    private static func hash(_ association: Association) -> Int {
        var hasher = Hasher()
        hasher.combine(association.remoteDomain)
        hasher.combine(association.direction)
        hasher.combine(association.certificateSHA256)
        return hasher.finalize()
    }
}
