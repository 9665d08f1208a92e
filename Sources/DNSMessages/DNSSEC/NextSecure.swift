/// "From this name to the next there is nothing": an NSEC record (RFC 4034 §4).
public struct NextSecure: Hashable, Sendable {
    /// The name where the gap begins.
    public let owner: DNSName
    /// The name where the gap ends; the zone's apex in the last record.
    public let next: DNSName
    /// The types at the owner.
    public let types: RecordTypeSet

    /// Reads an NSEC record.
    ///
    /// - Returns: nil when the record has another type or is malformed.
    public init?(_ record: DNSRecord) {
        guard record.type == .nsec, case .other(let octets) = record.data,
            let (next, end) = DNSName.uncompressed(in: octets, at: 0),
            let types = RecordTypeSet(octets: octets[end...])
        else { return nil }
        (owner, self.next, self.types) = (record.owner, next, types)
    }

    /// Makes a record from its fields.
    public init(owner: DNSName, next: DNSName, types: RecordTypeSet) {
        (self.owner, self.next, self.types) = (owner, next, types)
    }

    /// The record.
    public func record(timeToLive: UInt32) -> DNSRecord {
        DNSRecord(owner: owner, type: .nsec, timeToLive: timeToLive, octets: next.wire + types.octets)
    }
}
