import Glibc
import Testing

@testable import EventLoops

@Suite("A readiness set")
struct ReadinessSetTests {
    private final class Observer: ReadinessObserver {
        func becameReady(_ readiness: Readiness) {}
        func loopStopped() {}
    }

    /// A datagram socket has always room to write.
    private func readyDescriptor() throws -> Int32 {
        try SocketDescriptor.make(family: AF_INET, kind: .datagram).number
    }

    /// Closes `number` and gives it to another socket, with no moment between for another test to take it.
    private func reuse(_ number: Int32) throws {
        let other = try readyDescriptor()
        #expect(dup2(other, number) == number)
        close(other)
    }

    @Test func `an event of a registration that ended in the same batch is dropped though its number is in use again`()
        throws
    {
        let set = try ReadinessSet()
        let (first, second) = (try readyDescriptor(), try readyDescriptor())
        let observers = (Observer(), Observer(), Observer())
        _ = try set.register(first, interest: .writing, observer: observers.0)
        let token = try set.register(second, interest: .writing, observer: observers.1)
        #expect(set.collect() == 2)
        set.deregister(token)
        try reuse(second)
        let later = try set.register(second, interest: .writing, observer: observers.2)
        #expect(later.slot == token.slot)
        let found = (0..<2).compactMap { set.event($0)?.observer }
        #expect(found.count == 1 && found.first === observers.0)
        #expect(set.collect() == 2)
        #expect((0..<2).compactMap { set.event($0) }.count == 2)
        for number in [first, second, set.descriptor] { close(number) }
    }

    @Test func `a watch that outlives its descriptor does not disturb the number's next user`() throws {
        let set = try ReadinessSet()
        let number = try readyDescriptor()
        let observers = (Observer(), Observer())
        let stale = try set.register(number, interest: .writing, observer: observers.0)
        try reuse(number)
        _ = try set.register(number, interest: .writing, observer: observers.1)
        try set.update(stale, interest: [])
        set.deregister(stale)
        #expect(set.collect() == 1)
        #expect(set.event(0)?.observer === observers.1)
        for number in [number, set.descriptor] { close(number) }
    }

    @Test func `a parked descriptor is silent until it is updated`() throws {
        let set = try ReadinessSet()
        let number = try readyDescriptor()
        let observer = Observer()
        let token = try set.register(number, interest: .writing, observer: observer)
        set.park(token)
        #expect(set.collect() == 0)
        try set.update(token, interest: .writing)
        #expect(set.collect() == 1)
        set.deregister(token)
        #expect(set.collect() == 0 && set.count == 0)
        for number in [number, set.descriptor] { close(number) }
    }

    @Test func `what cannot be watched is refused with the reason`() throws {
        let set = try ReadinessSet()
        #expect(throws: SystemError(call: "epoll_ctl", code: EBADF)) {
            try set.register(9_999, interest: .writing, observer: Observer())
        }
        #expect(set.count == 0)
        close(set.descriptor)
    }
}
