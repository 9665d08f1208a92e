internal import TransportSecurity
internal import XMPPModel

/// The records of an RRset that count, and why the others do not (RFC 6698 §4.1, RFC 7671 §9).
struct TLSASelection {
    /// Records that a certificate is compared with.
    private(set) var usable: [TLSARecord] = []
    /// What is passed over, in words: `9 9 9: usage 9 is unknown`.
    private(set) var unusable: [String] = []

    /// Records compared at most for one endpoint; nobody publishes so many keys.
    private static let mostRecords = 64

    /// Selects from what is published.
    ///
    /// - Parameters:
    ///   - records: The RRset.
    ///   - usages: The certificate usages that the policy accepts.
    ///   - digests: The matching types of digests that the policy accepts, the strongest first.
    init(_ records: [TLSARecord], usages: Set<UInt8>, digests: [UInt8]) {
        for record in records.prefix(Self.mostRecords) {
            if let fault = Self.fault(of: record, usages: usages, digests: digests) {
                unusable.append("\(record.summary): \(fault)")
            } else {
                usable.append(record)
            }
        }
        dropWeakerDigests(digests)
    }

    /// Digest agility: of each usage and selector only the whole value and the strongest usable digest count, so that a
    /// digest that is broken one day cannot be used where a better one stands beside it (DA-16).
    private mutating func dropWeakerDigests(_ digests: [UInt8]) {
        let all = usable
        usable = all.filter { record in
            guard let rank = digests.firstIndex(of: record.matching) else { return true }
            return !all.contains { other in
                guard other.usage == record.usage, other.selector == record.selector,
                    let otherRank = digests.firstIndex(of: other.matching)
                else { return false }
                return otherRank < rank
            }
        }
    }

    /// Why a record cannot be used; nil when it can (DA-10).
    private static func fault(of record: TLSARecord, usages: Set<UInt8>, digests: [UInt8]) -> String? {
        guard record.usage <= 3 else { return "usage \(record.usage) is unknown" }
        guard usages.contains(record.usage) else { return "usage \(record.usage) is not accepted by the policy" }
        guard record.selector <= 1 else { return "selector \(record.selector) is unknown" }
        guard !record.data.isEmpty else { return "it is empty" }
        switch record.matching {
        case TLSARecord.wholeValue:
            let isWellFormed =
                record.selector == TLSARecord.wholeCertificate
                ? (try? Certificate(der: record.data)) != nil : SubjectPublicKeyInfo.isWellFormed(record.data)
            return isWellFormed ? nil : "its data cannot be read"
        case TLSARecord.sha256, TLSARecord.sha512:
            guard digests.contains(record.matching) else {
                return "matching type \(record.matching) is not accepted by the policy"
            }
            let due = record.matching == TLSARecord.sha256 ? 32 : 64
            return record.data.count == due ? nil : "its digest has \(record.data.count) octets, not \(due)"
        default: return "matching type \(record.matching) is unknown"
        }
    }
}
