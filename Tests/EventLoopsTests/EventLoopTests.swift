import Dispatch
import Glibc
import Synchronization
import Testing

@testable import EventLoops

@Suite("A loop")
struct EventLoopTests {
    @Test func `a burst from many threads keeps each thread's order and costs few turns`() throws {
        let loop = try EventLoop(name: "mailbox")
        let received = Mutex<[(thread: Int, index: Int)]>([])
        let held = DispatchSemaphore(value: 0)
        let before = loop.run { loop.confined.turns }
        loop.queue.async { held.wait() }
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for index in 0..<1_000 {
                loop.execute { received.withLock { $0.append((thread, index)) } }
            }
        }
        held.signal()
        let turns = loop.run { loop.confined.turns } - before
        let all = received.withLock { $0 }
        #expect(all.count == 4_000)
        for thread in 0..<4 { #expect(all.filter { $0.thread == thread }.map(\.index) == Array(0..<1_000)) }
        #expect(turns <= 2)
        loop.stop()
    }

    @Test func `work handed over on the loop runs later, in order`() throws {
        let loop = try EventLoop(name: "mailbox")
        let order = Mutex<[Int]>([])
        loop.run {
            loop.execute {
                order.withLock { $0.append(2) }
                loop.execute { order.withLock { $0.append(4) } }
            }
            loop.execute { order.withLock { $0.append(3) } }
            order.withLock { $0.append(1) }
        }
        loop.run {}
        #expect(order.withLock { $0 } == [1, 2, 3, 4])
        loop.stop()
    }

    @Test func `a loop knows whether it is current, and a group gives its loops in turn`() throws {
        let group = try EventLoopGroup(name: "group", count: 2)
        let (first, second) = (group[0], group[1])
        #expect(!first.isCurrent)
        #expect(first.run { first.isCurrent && !second.isCurrent })
        #expect(first.run { second.run { second.isCurrent && !first.isCurrent } })
        #expect(first.run { first.run { first.isCurrent } })
        #expect(throws: ConnectionFailure.refused) {
            try first.run { () throws(ConnectionFailure) in throw .refused }
        }
        #expect((0..<4).map { _ in group.next().name } == ["group.0", "group.1", "group.0", "group.1"])
        #expect(group[3] === second)
        group.stop()
    }

    @Test func `a stopped loop has released everything and calls nobody`() throws {
        let fixture = try ConnectionFixture()
        let fired = Mutex(0)
        weak var captured: RecordingDelegate?
        fixture.run { _ in
            let object = RecordingDelegate()
            captured = object
            fixture.loop.schedule(after: .zero) { object.events.append(.drained) }
            fixture.loop.afterTurn { fixture.loop.stop() }
        }
        fixture.loop.execute { fired.withLock { $0 += 1 } }
        fixture.turn()
        fixture.loop.stop()
        #expect(captured == nil)
        #expect(fired.withLock { $0 } == 0)
        #expect(fixture.peer.receive() == [])
        #expect(fixture.events.isEmpty && !fixture.run { $0.isOpen })
    }

    @Test func `a foreign descriptor is watched and stays its owner's`() throws {
        let loop = try EventLoop(name: "watch")
        var pipe: [Int32] = [-1, -1]
        #expect(Glibc.pipe(&pipe) == 0)
        let (number, other) = (pipe[0], pipe[1])
        var seen: [Readiness] = []
        var watch: DescriptorWatch?
        try loop.run {
            watch = try DescriptorWatch(number, for: .reading, on: loop) { readiness in
                seen.append(readiness)
                var byte: UInt8 = 0
                #expect(read(number, &byte, 1) == 1)
            }
        }
        loop.run { _ = write(other, [1], 1) }
        loop.run { watch?.cancel() }
        loop.run { _ = write(other, [1], 1) }
        #expect(loop.run { seen } == [.readable])
        loop.stop()
        #expect(fcntl(number, F_GETFD) >= 0)
        close(number)
        close(other)
    }

    @Test func `a signal reaches its loop each time, whichever thread the kernel picks`() throws {
        let loop = try EventLoop(name: "signals")
        let count = Atomic(0)
        let source = try SignalSource(.user1, on: loop) { count.add(1, ordering: .relaxed) }
        for expected in 1...20 {
            kill(getpid(), SIGUSR1)
            #expect(loop.turns { count.load(ordering: .relaxed) == expected })
        }
        source.cancel()
        kill(getpid(), SIGUSR1)
        loop.run {}
        #expect(count.load(ordering: .relaxed) == 20)
        loop.stop()
    }
}
