internal import Synchronization
internal import XMPPModel

/// The pairs that streams from remote servers carry now, on whichever loop: the way on which an answer to a check of
/// ours can come without a stream being made for it.
final class ReturnPaths: Sendable {
    private let counts = Mutex<[DomainPair: Int]>([:])

    /// A stream from a remote server carries the pair.
    func open(_ pair: DomainPair) { counts.withLock { $0[pair, default: 0] += 1 } }

    /// Such a stream has ended.
    func close(_ pair: DomainPair) {
        counts.withLock { counts in
            guard let count = counts[pair] else { return }
            counts[pair] = count > 1 ? count - 1 : nil
        }
    }

    /// Whether stanzas of the pair can come in.
    func contains(_ pair: DomainPair) -> Bool { counts.withLock { $0[pair] != nil } }
}
