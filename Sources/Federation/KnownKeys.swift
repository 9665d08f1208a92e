internal import Synchronization
internal import XMPPModel

/// The key that each remote domain was last proved with, for as long as the process lives: a change is worth a warning
/// (RFC 7590 §3.6).
final class KnownKeys: Sendable {
    private let keys = Mutex<[DomainName: [UInt8]]>([:])

    /// More remote domains than this are not watched; nobody can make us remember without end.
    private static let capacity = 65_536

    /// Remembers a key, as the SHA-256 of its SubjectPublicKeyInfo.
    ///
    /// - Returns: The key that was there before, when it was another one.
    func replace(_ digest: [UInt8], of domain: DomainName) -> [UInt8]? {
        keys.withLock { keys in
            let former = keys[domain]
            guard former != nil || keys.count < Self.capacity else { return nil }
            keys[domain] = digest
            return former == digest ? nil : former
        }
    }
}
