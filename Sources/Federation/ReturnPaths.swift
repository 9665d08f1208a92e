internal import Synchronization
internal import XMPPModel

/// The pairs that streams from remote servers carry now, on whichever loop: the way on which an answer to a check of ours can
/// come without a stream being made for it, and the streams that carry the reverse pairs too (XEP-0288).
///
/// A pair is known by its hash alone, since there may be thousands: whoever goes by what is said here asks the stream.
final class ReturnPaths: Sendable {
    private struct Path: Sendable {
        let id: StreamID
        let loop: Int32
        let isBidirectional: Bool
    }

    private struct State {
        var paths: [Int: Path] = [:]
        /// Of pairs that several streams carry, what is not in `paths`.
        var further: [Int: [Path]] = [:]
    }

    private let state = Mutex(State())

    /// A stream from a remote server carries the pair.
    ///
    /// - Parameter isBidirectional: Whether it carries the reverse pair too.
    func open(_ pair: DomainPair, on place: StreamPlace, isBidirectional: Bool) {
        let path = Path(id: place.id, loop: Int32(clamping: place.loop), isBidirectional: isBidirectional)
        let hash = pair.hashValue
        state.withLock { state in
            if state.paths[hash] == nil {
                state.paths[hash] = path
            } else {
                state.further[hash, default: []].append(path)
            }
        }
    }

    /// Such a stream has ended, or does not carry the pair any more.
    func close(_ pair: DomainPair, on id: StreamID) {
        let hash = pair.hashValue
        state.withLock { state in
            if state.paths[hash]?.id == id {
                state.paths[hash] = state.further[hash]?.popLast()
            } else if let index = state.further[hash]?.firstIndex(where: { $0.id == id }) {
                state.further[hash]?.remove(at: index)
            }
            if state.further[hash]?.isEmpty == true { state.further[hash] = nil }
        }
    }

    /// Whether stanzas of the pair can come in.
    func contains(_ pair: DomainPair) -> Bool { state.withLock { $0.paths[pair.hashValue] != nil } }

    /// A stream on which stanzas of the reverse of the pair can go out.
    func streamBack(_ pair: DomainPair) -> StreamPlace? {
        let hash = pair.hashValue
        return state.withLock { state in
            guard let path = state.paths[hash] else { return nil }
            let found = path.isBidirectional ? path : state.further[hash]?.first(where: \.isBidirectional)
            return found.map { StreamPlace(id: $0.id, loop: Int($0.loop)) }
        }
    }
}
