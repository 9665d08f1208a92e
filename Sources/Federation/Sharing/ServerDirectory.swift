internal import EventLoops
internal import Synchronization
internal import XMPPModel

/// The servers that we have streams to, by address and port, on whichever loop: what further remote domains at the same
/// server are supposed on (RFC 7712 §4.4.2, PS-01). Connections for questions about keys have one of their own.
///
/// It grows with the streams that there are, and what it remembers of servers that close for being asked is bounded.
final class ServerDirectory: Sendable {
    /// An attempt, on whichever loop.
    struct Attempt: Hashable, Sendable {
        var pair: DomainPair
        var loop: Int
    }

    private struct Dial {
        var attempt: Attempt
        /// Those who wait for what comes of it.
        var waiting: [Attempt] = []
    }

    private struct State {
        var streams: [SocketAddress: StreamLine] = [:]
        var dials: [SocketAddress: Dial] = [:]
        /// Until when a server is not asked, on the clock of the loops.
        var closers: [SocketAddress: Double] = [:]
    }

    /// How long a server is remembered that closed the stream on which it was asked, in seconds.
    static let memory = 3600.0
    /// How many such servers are remembered.
    static let closerLimit = 1024

    private let state = Mutex(State())

    /// A stream that we opened takes further targets from now on.
    func add(_ place: StreamPlace, at address: SocketAddress) {
        state.withLock { $0.streams[address, default: StreamLine()].append(place) }
    }

    /// The stream takes none any more.
    func remove(_ id: StreamID, at address: SocketAddress) {
        state.withLock { state in
            state.streams[address]?.remove(id)
            if state.streams[address]?.oldest == nil { state.streams[address] = nil }
        }
    }

    /// The oldest stream to one of some addresses, and to which.
    func stream(toOneOf addresses: [SocketAddress], at now: Double) -> (place: StreamPlace, address: SocketAddress)? {
        state.withLock { state in
            for address in addresses where state.closers[address].map({ $0 <= now }) ?? true {
                if let place = state.streams[address]?.oldest { return (place, address) }
            }
            return nil
        }
    }

    // MARK: - Dials under way

    /// An address is being dialled; others may wait for what comes of it.
    func beginDial(at address: SocketAddress, by attempt: Attempt) {
        state.withLock { state in
            if state.dials[address] == nil { state.dials[address] = Dial(attempt: attempt) }
        }
    }

    /// Something came of a dial: those who waited for it.
    func endDial(at address: SocketAddress, by attempt: Attempt) -> [Attempt] {
        state.withLock { state in
            guard state.dials[address]?.attempt == attempt else { return [] }
            return state.dials.removeValue(forKey: address)?.waiting ?? []
        }
    }

    /// Waits for a dial to one of some addresses; false when nobody else is dialling one.
    func wait(forOneOf addresses: [SocketAddress], _ attempt: Attempt, at now: Double) -> Bool {
        state.withLock { state in
            for address in addresses where state.closers[address].map({ $0 <= now }) ?? true {
                guard let dial = state.dials[address], dial.attempt != attempt else { continue }
                state.dials[address]?.waiting.append(attempt)
                return true
            }
            return false
        }
    }

    // MARK: - Servers that close

    /// A server closed the stream on which it was asked: the pairs on it were held up for nothing.
    func noteClosure(at address: SocketAddress, now: Double) {
        state.withLock { state in
            if state.closers.count >= Self.closerLimit, state.closers[address] == nil {
                state.closers = state.closers.filter { $0.value > now }
                // Full of servers that all closed of late: one is forgotten.
                if state.closers.count >= Self.closerLimit, let first = state.closers.min(by: { $0.value < $1.value }) {
                    state.closers[first.key] = nil
                }
            }
            state.closers[address] = now + Self.memory
        }
    }

    /// How many servers there are streams to, how many are being dialled, and how many are not asked.
    var counts: (servers: Int, dials: Int, closers: Int) {
        state.withLock { ($0.streams.count, $0.dials.count, $0.closers.count) }
    }
}
