internal import Glibc
internal import Synchronization

/// The loops of a process, one for each core by default; connections are spread over them.
public final class EventLoopGroup: Sendable {
    /// The loops, never empty.
    public let loops: [EventLoop]
    private let turns = Atomic<Int>(0)

    /// Starts `count` loops named `name.0` onwards.
    ///
    /// - Parameter count: At least one is started; nil means one for each core.
    /// - Throws: ``SystemError`` when the kernel refuses a readiness set.
    public init(name: String = "loop", count: Int? = nil) throws(SystemError) {
        let count = max(1, count ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        var loops: [EventLoop] = []
        do throws(SystemError) {
            for index in 0..<count { loops.append(try EventLoop(name: "\(name).\(index)")) }
        } catch {
            for loop in loops { loop.stop() }
            throw error
        }
        self.loops = loops
    }

    /// How many loops there are.
    public var count: Int { loops.count }

    /// The loop at `index`, counted round when it is past the last.
    public subscript(index: Int) -> EventLoop {
        loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }

    /// The loops in turn; from any thread.
    public func next() -> EventLoop {
        self[turns.wrappingAdd(1, ordering: .relaxed).oldValue]
    }

    /// Stops every loop, see ``EventLoop/stop()``. To be called from outside, or from one loop alone.
    public func stop() {
        for loop in loops { loop.stop() }
    }
}
