internal import Synchronization

/// Keeps the public keys that signatures were last checked with in the form that a check needs.
///
/// Its content is never anything but what the keys' octets say, so it makes no difference who shares it. When half of it
/// is full the other half is dropped.
public final class KeyShelf: Sendable {
    private struct Identity: Hashable {
        let algorithm: SigningAlgorithm
        let octets: [UInt8]

        func hash(into hasher: inout Hasher) {
            octets.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private struct Keys {
        var newer: [Identity: DecodedKey] = [:]
        var older: [Identity: DecodedKey] = [:]
    }

    private let generationCapacity: Int
    private let keys = Mutex(Keys())

    /// - Parameter capacity: How many keys it holds at most, of some 3 KB each.
    public init(capacity: Int = 512) {
        generationCapacity = max(1, capacity / 2)
    }

    /// How many keys it holds.
    public var count: Int { keys.withLock { $0.newer.count + $0.older.count } }

    /// A key, decoded now or before; nil when it is none.
    func decoded(_ key: ZoneKey) -> DecodedKey? {
        let identity = Identity(algorithm: key.algorithm, octets: key.publicKey)
        return keys.withLock { keys in
            if let known = keys.newer[identity] { return known }
            guard let found = keys.older.removeValue(forKey: identity) ?? DecodedKey(key) else { return nil }
            if keys.newer.count >= generationCapacity {
                keys.older = keys.newer
                keys.newer = [:]
            }
            keys.newer[identity] = found
            return found
        }
    }
}
