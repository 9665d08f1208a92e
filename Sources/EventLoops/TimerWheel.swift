/// Coarse deadlines: 512 slots of 67 ms, so that arming, moving and cancelling cost the same for one as for 100,000.
///
/// A deadline more than one revolution (34 s) away is looked at once in each revolution and left where it is.
struct TimerWheel {
    private static let tickBits: UInt64 = 26
    private static let slotCount = 512

    private var slots = [ContiguousArray<LoopTimer>](repeating: [], count: slotCount)
    /// A bit for each slot that holds something, so that the next wake-up is found in eight steps.
    private var occupied = [UInt64](repeating: 0, count: slotCount / 64)
    private(set) var count = 0
    private var lastTick: UInt64 = 0

    mutating func arm(_ timer: LoopTimer, at deadline: LoopTime, now: LoopTime) {
        if case .wheel(let slot, _) = timer.place {
            timer.deadline = deadline
            // Left in place when it is looked at in time there: that is what makes a keepalive cost one store.
            if ticksAhead(slot) <= Self.tick(of: deadline) &- lastTick, Self.tick(of: deadline) > lastTick { return }
            remove(timer)
        }
        if count == 0 { lastTick = max(lastTick, now.nanoseconds >> Self.tickBits) }
        timer.deadline = deadline
        insert(timer)
    }

    mutating func remove(_ timer: LoopTimer) {
        guard case .wheel(let slot, let index) = timer.place else { return }
        timer.place = .nowhere
        count -= 1
        let last = slots[slot].removeLast()
        if last !== timer {
            slots[slot][index] = last
            last.place = .wheel(slot: slot, index: index)
        }
        if slots[slot].isEmpty { occupied[slot / 64] &= ~(1 << UInt64(slot % 64)) }
    }

    /// Moves what is due at `now` to `due`.
    mutating func advance(to now: LoopTime, due: inout [LoopTimer]) {
        let tick = now.nanoseconds >> Self.tickBits
        guard tick > lastTick else { return }
        let first = lastTick + 1
        lastTick = tick
        guard count > 0 else { return }
        // After a long sleep every slot is visited, but once.
        for visited in max(first, tick >= 511 ? tick - 511 : 0)...tick {
            visit(Int(visited % UInt64(Self.slotCount)), tick: tick, due: &due)
        }
    }

    /// When the next slot that holds something comes round.
    var nextWake: LoopTime? {
        guard count > 0 else { return nil }
        let start = Int((lastTick + 1) % UInt64(Self.slotCount))
        for step in 0...occupied.count {
            let word = (start / 64 + step) % occupied.count
            var bits = occupied[word]
            if step == 0 { bits &= ~0 << UInt64(start % 64) }
            guard bits != 0 else { continue }
            let slot = word * 64 + bits.trailingZeroBitCount
            return LoopTime(nanoseconds: (lastTick + ticksAhead(slot)) << Self.tickBits)
        }
        return nil
    }

    mutating func removeAll() {
        for slot in slots.indices {
            for timer in slots[slot] {
                timer.place = .nowhere
                timer.body = nil
            }
            slots[slot] = []
        }
        occupied = [UInt64](repeating: 0, count: occupied.count)
        count = 0
    }

    private mutating func visit(_ slot: Int, tick: UInt64, due: inout [LoopTimer]) {
        var index = 0
        while index < slots[slot].count {
            let timer = slots[slot][index]
            if Self.tick(of: timer.deadline) <= tick {
                remove(timer)
                timer.place = .due
                due.append(timer)
            } else if Int(Self.tick(of: timer.deadline) % UInt64(Self.slotCount)) != slot {
                remove(timer)
                insert(timer)
            } else {
                index += 1
            }
        }
    }

    private mutating func insert(_ timer: LoopTimer) {
        let slot = Int(max(Self.tick(of: timer.deadline), lastTick + 1) % UInt64(Self.slotCount))
        timer.place = .wheel(slot: slot, index: slots[slot].count)
        slots[slot].append(timer)
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
        count += 1
    }

    /// How many ticks after the last one `slot` is visited, 1…512.
    private func ticksAhead(_ slot: Int) -> UInt64 {
        let next = Int((lastTick + 1) % UInt64(Self.slotCount))
        return UInt64((slot - next + Self.slotCount) % Self.slotCount) + 1
    }

    /// Rounded up: a timer may be late by a tick, never early.
    private static func tick(of deadline: LoopTime) -> UInt64 {
        let (rounded, overflow) = deadline.nanoseconds.addingReportingOverflow((1 << tickBits) - 1)
        return (overflow ? .max : rounded) >> tickBits
    }
}
