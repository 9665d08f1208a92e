/// Precise deadlines: few, short and soon over.
struct TimerHeap {
    private var timers: ContiguousArray<LoopTimer> = []

    var nextWake: LoopTime? { timers.first?.deadline }

    mutating func arm(_ timer: LoopTimer, at deadline: LoopTime) {
        remove(timer)
        timer.deadline = deadline
        timers.append(timer)
        rise(from: timers.count - 1)
    }

    mutating func remove(_ timer: LoopTimer) {
        guard case .heap(let index) = timer.place else { return }
        timer.place = .nowhere
        let last = timers.removeLast()
        guard last !== timer else { return }
        timers[index] = last
        last.place = .heap(index: index)
        sink(from: index)
        if case .heap(let settled) = last.place { rise(from: settled) }
    }

    /// Moves what is due at `now` to `due`.
    mutating func advance(to now: LoopTime, due: inout [LoopTimer]) {
        while let first = timers.first, first.deadline <= now {
            remove(first)
            first.place = .due
            due.append(first)
        }
    }

    mutating func removeAll() {
        for timer in timers {
            timer.place = .nowhere
            timer.body = nil
        }
        timers = []
    }

    private mutating func rise(from start: Int) {
        var index = start
        let timer = timers[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard timer.precedes(timers[parent]) else { break }
            place(timers[parent], at: index)
            index = parent
        }
        place(timer, at: index)
    }

    private mutating func sink(from start: Int) {
        var index = start
        let timer = timers[index]
        while true {
            var child = 2 * index + 1
            guard child < timers.count else { break }
            if child + 1 < timers.count, timers[child + 1].precedes(timers[child]) { child += 1 }
            guard timers[child].precedes(timer) else { break }
            place(timers[child], at: index)
            index = child
        }
        place(timer, at: index)
    }

    private mutating func place(_ timer: LoopTimer, at index: Int) {
        timers[index] = timer
        timer.place = .heap(index: index)
    }
}
