internal import CLinux
internal import Glibc

/// The descriptors of one loop, in an epoll set; level triggered.
///
/// An event can name a registration that ended earlier in the same batch, and its descriptor number may already belong
/// to another. So events carry a ``ReadinessToken``, and one whose generation has passed is dropped.
final class ReadinessSet {
    private struct Slot {
        var generation: UInt32 = 0
        var descriptor: Int32 = -1
        var isMember = false
        var observer: (any ReadinessObserver)?
    }

    private static let batch = 512

    /// The epoll descriptor, itself readable while a member is ready.
    let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    /// The slot that a descriptor number belongs to, -1 for none. A library may close a descriptor before it ends its
    /// watch; the number's next user must not lose its membership to that.
    private var slotOfDescriptor: [Int32] = []

    init() throws(SystemError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .latest("epoll_create1") }
        events = .allocate(capacity: Self.batch)
    }

    deinit {
        events.deallocate()
    }

    /// How many registrations there are.
    var count: Int { slots.count - freeSlots.count }

    func register(
        _ number: Int32, interest: Interest, observer: any ReadinessObserver
    ) throws(SystemError) -> ReadinessToken {
        let slot = freeSlots.popLast() ?? UInt32(slots.count)
        if Int(slot) == slots.count { slots.append(Slot()) }
        let token = ReadinessToken(slot: slot, generation: slots[Int(slot)].generation)
        let result = linux_epoll_control(
            descriptor, EPOLL_CTL_ADD, number, interest.eventBits, token.rawValue)
        guard result == 0 else {
            freeSlots.append(slot)
            throw SystemError(call: "epoll_ctl", code: -result)
        }
        claim(number, for: slot)
        slots[Int(slot)].descriptor = number
        slots[Int(slot)].isMember = true
        slots[Int(slot)].observer = observer
        return token
    }

    /// Changes what the descriptor is watched for, and brings it back if it was parked.
    func update(_ token: ReadinessToken, interest: Interest) throws(SystemError) {
        guard let slot = liveSlot(token), slots[slot].descriptor >= 0 else { return }
        let operation = slots[slot].isMember ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        let result = linux_epoll_control(
            descriptor, operation, slots[slot].descriptor, interest.eventBits, token.rawValue)
        guard result == 0 else { throw SystemError(call: "epoll_ctl", code: -result) }
        slots[slot].isMember = true
    }

    /// Takes the descriptor out of the kernel's set but keeps the registration: hang-up and error cannot be masked
    /// otherwise, and would be reported without end.
    func park(_ token: ReadinessToken) {
        guard let slot = liveSlot(token) else { return }
        leave(slot)
    }

    func replaceObserver(_ token: ReadinessToken, with observer: any ReadinessObserver) {
        guard let slot = liveSlot(token) else { return }
        slots[slot].observer = observer
    }

    func deregister(_ token: ReadinessToken) {
        guard let slot = liveSlot(token) else { return }
        leave(slot)
        let number = Int(slots[slot].descriptor)
        if number >= 0, slotOfDescriptor[number] == Int32(slot) { slotOfDescriptor[number] = -1 }
        slots[slot].generation &+= 1
        slots[slot].descriptor = -1
        slots[slot].observer = nil
        freeSlots.append(UInt32(slot))
    }

    /// Fetches the next batch without waiting; ``event(_:)`` reads it.
    func collect() -> Int {
        // A failure (EINTR) means no event now; the set is level triggered and will say so again.
        max(0, Int(linux_epoll_collect(descriptor, events, Int32(Self.batch))))
    }

    /// The observer and readiness of an event of the batch, nil when its registration has ended meanwhile.
    func event(_ index: Int) -> (observer: any ReadinessObserver, readiness: Readiness)? {
        let event = events[index]
        guard let slot = liveSlot(ReadinessToken(rawValue: event.data.u64)), slots[slot].isMember,
            let observer = slots[slot].observer
        else { return nil }
        return (observer, Readiness(eventBits: event.events))
    }

    /// Ends every registration and hands back the observers.
    func deregisterAll() -> [any ReadinessObserver] {
        var observers: [any ReadinessObserver] = []
        for index in slots.indices {
            guard let observer = slots[index].observer else { continue }
            observers.append(observer)
            deregister(ReadinessToken(slot: UInt32(index), generation: slots[index].generation))
        }
        return observers
    }

    private func liveSlot(_ token: ReadinessToken) -> Int? {
        let index = Int(token.slot)
        guard index < slots.count, slots[index].generation == token.generation else { return nil }
        return index
    }

    private func leave(_ slot: Int) {
        guard slots[slot].isMember else { return }
        slots[slot].isMember = false
        // The descriptor may have been closed by the library that owns it, which ended its membership.
        _ = linux_epoll_control(descriptor, EPOLL_CTL_DEL, slots[slot].descriptor, 0, 0)
    }

    private func claim(_ number: Int32, for slot: UInt32) {
        let index = Int(number)
        if index >= slotOfDescriptor.count {
            slotOfDescriptor += [Int32](repeating: -1, count: index + 1 - slotOfDescriptor.count)
        }
        let previous = slotOfDescriptor[index]
        if previous >= 0 {
            slots[Int(previous)].isMember = false
            slots[Int(previous)].descriptor = -1
        }
        slotOfDescriptor[index] = Int32(slot)
    }
}
