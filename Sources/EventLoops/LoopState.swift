internal import Dispatch

/// What belongs to one loop and is touched on its queue only.
final class LoopState {
    static let readBufferSize = 64 * 1024
    /// Spare output buffers are kept up to this many bytes in all, and single ones up to ``spareBufferLimit``.
    private static let spareBytesLimit = 2 * 1024 * 1024
    private static let spareBufferLimit = 512 * 1024

    let readiness: ReadinessSet
    /// One for all channels: what is in it is used before the next read.
    let readBuffer: UnsafeMutableRawBufferPointer
    var wheel = TimerWheel()
    var heap = TimerHeap()
    var timerSequence: UInt64 = 0
    var due: [LoopTimer] = []
    var now = LoopTime.current
    var isInTurn = false
    /// How many turns there were, which tells whether the loop is quiet.
    var turns: UInt64 = 0
    var isStopped = false
    var afterTurn: [() -> Void] = []
    var channelsWithOutput: ContiguousArray<TCPConnection> = []
    var channelsFlushing: ContiguousArray<TCPConnection> = []
    var readinessSource: (any DispatchSourceRead)?
    var timerSource: (any DispatchSourceTimer)?
    /// When the timer source fires next.
    var wakeTime = LoopTime.distantFuture
    private var spareBuffers: [[UInt8]] = []
    private var spareBytes = 0

    init(_ readiness: ReadinessSet) {
        self.readiness = readiness
        readBuffer = .allocate(byteCount: Self.readBufferSize, alignment: 16)
    }

    deinit {
        readBuffer.deallocate()
    }

    /// When the loop must wake though nothing else happens.
    var nextWake: LoopTime? {
        guard let coarse = wheel.nextWake else { return heap.nextWake }
        guard let precise = heap.nextWake else { return coarse }
        return min(coarse, precise)
    }

    /// Whether another round has something to do at once.
    var hasWorkLeft: Bool { !channelsWithOutput.isEmpty || !afterTurn.isEmpty }

    /// An empty buffer with room, for a channel that begins to write.
    func takeBuffer() -> [UInt8] {
        guard let buffer = spareBuffers.popLast() else { return [] }
        spareBytes -= buffer.capacity
        return buffer
    }

    /// Takes back a buffer whose bytes have left, so that an idle channel holds none.
    func returnBuffer(_ buffer: consuming [UInt8]) {
        let size = buffer.capacity
        guard size > 0, size <= Self.spareBufferLimit, spareBytes + size <= Self.spareBytesLimit else { return }
        buffer.removeAll(keepingCapacity: true)
        spareBuffers.append(buffer)
        spareBytes += size
    }
}
