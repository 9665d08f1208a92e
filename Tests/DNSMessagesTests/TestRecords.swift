import DNSMessages
import Testing

/// The octets of a record's data, whatever its type.
func rawData(of record: DNSRecord) throws -> [UInt8] {
    let wire = record.wire
    return Array(wire[(record.owner.wire.count + 10)...])
}

extension RecordSignature {
    /// The same over records of another owner, as an answer from a wildcard has it.
    func moved(to owner: DNSName) -> RecordSignature { with(owner: owner) }

    /// The same with some fields changed.
    func with(owner: DNSName? = nil, labels: UInt8? = nil, signature: [UInt8]? = nil) -> RecordSignature {
        RecordSignature(
            owner: owner ?? self.owner, coveredType: coveredType, algorithm: algorithm,
            labels: labels ?? self.labels, originalTimeToLive: originalTimeToLive, expiration: expiration,
            inception: inception, keyTag: keyTag, signer: signer, signature: signature ?? self.signature,
            timeToLive: timeToLive)
    }
}
