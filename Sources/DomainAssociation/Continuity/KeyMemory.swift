public import XMPPModel

/// The keys that remote domains were proved with: a value, bounded whatever strangers do.
///
/// What is remembered of a domain is not given up for newcomers. When the memory is full, a newcomer takes the place of
/// domains that have not been seen for ``longestAbsence``, or of the crowd: domains that share their last two labels, as
/// whoever owns a name can make them by the thousand, and of those the ones that have come for the shortest time. Where there is neither, it is the newcomer that is not remembered.
public struct KeyMemory: Hashable, Sendable {
    /// What came of remembering.
    public enum Outcome: Hashable, Sendable {
        /// The key was known.
        case known
        /// It is the first of its domain.
        case first
        /// It stands beside others now.
        case added
        /// It stands beside others now, in the place of one that came within the last ``KeyMemory/resolution`` itself: where
        /// key after key comes, one more is no news.
        case repeated
        /// There is no room for another domain.
        case full
    }

    /// Domains that are remembered at most.
    public static let mostDomains = 16_384
    /// Keys of one domain that are remembered at most: several servers, both directions, a roll-over.
    public static let mostKeys = 8
    /// Domains with the same last two labels that are left alone although the memory is full.
    public static let leastCrowd = 64
    /// Who was not seen for so long makes way, in seconds: longer than certificates live.
    public static let longestAbsence: Int64 = 400 * 86_400
    /// How exactly ``KnownKey/lastSeen`` is kept, in seconds, so that a busy domain does not change the memory all day.
    public static let resolution: Int64 = 3600

    /// Changes with every change.
    public private(set) var revision: UInt64 = 0

    private var keys: [DomainName: [KnownKey]] = [:] { didSet { revision &+= 1 } }
    private var crowds: [Substring: Set<DomainName>] = [:]
    private var nextSearch = Int64.min
    private let capacity: Int

    /// Nothing is known yet.
    ///
    /// - Parameter capacity: Domains that are remembered at most.
    public init(capacity: Int = Self.mostDomains) { self.capacity = max(1, capacity) }

    /// How many domains are remembered.
    public var count: Int { keys.count }

    /// Every domain, in alphabetical order.
    public var domains: [DomainName] { keys.keys.sorted() }

    /// The keys that a domain was proved with, the one that came last first; empty for a domain that is not known.
    public func keys(of domain: DomainName) -> [KnownKey] { keys[domain] ?? [] }

    /// Remembers the key that an association was made with; nothing where no certificate was the proof.
    public mutating func remember(_ association: Association) -> Outcome {
        guard association.level == .authenticated, let digest = association.publicKeySHA256, !digest.isEmpty else {
            return .known
        }
        let domain = association.remoteDomain
        // A first key that is not the only one came at the same moment as another, on another stream.
        let isFirst = association.keyChange == nil && keys[domain] == nil
        let origin: KnownKey.Origin = isFirst ? .first : association.keyWitness == nil ? .unexplained : .explained
        return remember(
            KnownKey(
                publicKeySHA256: digest, prooftype: association.prooftype, origin: origin,
                firstSeen: association.since, lastSeen: association.since), of: domain)
    }

    mutating func remember(_ key: KnownKey, of domain: DomainName) -> Outcome {
        guard var own = keys[domain] else { return begin(domain, with: key) }
        guard let index = own.firstIndex(where: { $0.publicKeySHA256 == key.publicKeySHA256 }) else {
            var isRepeated = false
            if own.count >= Self.mostKeys {
                // Whoever comes with key after key must not push out the ones that are believed.
                let former = own.remove(at: own.lastIndex { $0.origin == .unexplained } ?? own.count - 1)
                isRepeated = former.firstSeen > key.firstSeen - Self.resolution
            }
            own.insert(key, at: 0)
            keys[domain] = own
            return isRepeated ? .repeated : .added
        }
        let isExplainedNow = key.origin == .explained && own[index].origin == .unexplained
        let isOld = key.lastSeen >= own[index].lastSeen + Self.resolution
        if isOld || isExplainedNow || own[index].prooftype != key.prooftype {
            var known = own.remove(at: index)
            known.lastSeen = max(known.lastSeen, key.lastSeen)
            known.prooftype = key.prooftype
            if isExplainedNow { known.origin = .explained }
            own.insert(known, at: 0)
            keys[domain] = own
        }
        return .known
    }

    /// Forgets a domain: whatever it comes with next is its first key.
    ///
    /// - Returns: What was known.
    public mutating func forget(_ domain: DomainName) -> [KnownKey] {
        guard let former = keys.removeValue(forKey: domain) else { return [] }
        let crowd = Self.crowd(of: domain)
        crowds[crowd]?.remove(domain)
        if crowds[crowd]?.isEmpty == true { crowds[crowd] = nil }
        return former
    }

    /// Takes a key back as it was kept, behind those of its domain; false when it is there already, or there is no room.
    mutating func restore(_ key: KnownKey, of domain: DomainName) -> Bool {
        guard var own = keys[domain] else { return begin(domain, with: key) == .first }
        guard own.count < Self.mostKeys, !own.contains(where: { $0.publicKeySHA256 == key.publicKeySHA256 }) else {
            return false
        }
        own.append(key)
        keys[domain] = own
        return true
    }

    // MARK: - Room

    private mutating func begin(_ domain: DomainName, with key: KnownKey) -> Outcome {
        if keys.count >= capacity { makeRoom(at: key.lastSeen) }
        guard keys.count < capacity else { return .full }
        keys[domain] = [key]
        crowds[Self.crowd(of: domain), default: []].insert(domain)
        return .first
    }

    private mutating func makeRoom(at moment: Int64) {
        // Everybody is looked at once an hour and not for each newcomer.
        if moment >= nextSearch {
            nextSearch = moment + Self.resolution
            for (domain, own) in keys where own.allSatisfy({ $0.lastSeen < moment - Self.longestAbsence }) {
                _ = forget(domain)
            }
        }
        guard keys.count >= capacity, let crowd = crowds.values.max(by: { $0.count < $1.count }),
            crowd.count > min(Self.leastCrowd, capacity / 2)
        else { return }
        // Several at once, so that a flood does not cost a search for each of its domains.
        // Who has been coming for long stays: it is the flood that is seen once.
        let byStanding = crowd.map { (domain: $0, standing: standing(of: $0)) }.sorted { $0.standing < $1.standing }
        for (domain, _) in byStanding.prefix(max(1, crowd.count / 16)) { _ = forget(domain) }
    }

    /// For how long a domain has been coming, and when it last came, in seconds.
    private func standing(of domain: DomainName) -> (tenure: Int64, lastSeen: Int64) {
        let own = keys[domain] ?? []
        let last = own.map(\.lastSeen).max() ?? 0
        let first = own.map(\.firstSeen).min() ?? last
        return (last.subtractingReportingOverflow(first).partialValue, last)
    }

    private static func crowd(of domain: DomainName) -> Substring {
        domain.description.split(separator: ".").suffix(2).joined(separator: ".")[...]
    }
}
