internal import EventLoops
internal import TransportSecurity
internal import XMLStreaming

/// What all wires of one loop share, so that an idle one holds nothing.
final class LoopResources {
    /// The loop.
    let loop: EventLoop
    /// Where sessions put what they decrypt.
    let plaintext = PlaintextBuffer()
    /// What the parser said of the bytes at hand; lent to one wire at a time.
    var events: [XMLStreamEvent] = []

    private var wiresWithOutput: [XMLWire] = []
    private var isFlushScheduled = false
    private var spareBuffers: [[UInt8]] = []
    private var activeWires: [XMLWire] = []
    private var sweep: LoopTimer?

    private static let spareBufferCount = 32
    private static let spareBufferLimit = 256 * 1024
    /// How long a wire is quiet before its parser is freed; one timer serves all wires.
    private static let quietTime = Duration.seconds(2)

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// The wire is flushed at the end of this turn.
    func hasOutput(_ wire: XMLWire) {
        wiresWithOutput.append(wire)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.afterTurn { [self] in flush() }
    }

    private func flush() {
        isFlushScheduled = false
        let wires = wiresWithOutput
        wiresWithOutput.removeAll(keepingCapacity: true)
        for wire in wires { wire.flush() }
    }

    /// An empty buffer with room.
    func takeBuffer() -> [UInt8] { spareBuffers.popLast() ?? [] }

    /// Takes back a buffer whose bytes have been handed on.
    func returnBuffer(_ buffer: consuming [UInt8]) {
        guard buffer.capacity > 0, buffer.capacity <= Self.spareBufferLimit, spareBuffers.count < Self.spareBufferCount
        else { return }
        buffer.removeAll(keepingCapacity: true)
        spareBuffers.append(buffer)
    }

    /// The wire's parser holds memory; it is freed when the wire has been quiet for a while.
    func becameActive(_ wire: XMLWire) {
        activeWires.append(wire)
        guard sweep == nil else { return }
        sweep = loop.schedule(after: Self.quietTime) { [weak self] in self?.sweepQuietWires() }
    }

    private func sweepQuietWires() {
        sweep = nil
        let now = loop.now
        let wires = activeWires
        activeWires = []
        for wire in wires where !wire.releaseIfQuiet(since: now, for: Self.quietTime) { becameActive(wire) }
    }
}
