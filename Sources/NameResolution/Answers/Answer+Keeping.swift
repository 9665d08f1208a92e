internal import DNSMessages
internal import XMPPModel

/// What an answer costs to keep.
extension Answer {
    /// The same answer, later.
    func repeated(for question: DNSQuestion, lifetime: Duration, isStale: Bool) -> Answer {
        Answer(
            to: question, content, canonicalName: canonicalName == self.question.name ? question.name : canonicalName,
            security: security, lifetime: lifetime, report: report, source: source, isStale: isStale)
    }

    /// The same answer with each name stored once.
    var compacted: Answer {
        let canonicalName = canonicalName == question.name ? question.name : canonicalName
        guard case .records(let records) = content else { return self }
        let shared = records.map { record in
            guard record.owner == canonicalName else { return record }
            guard case .other(let octets) = record.data else {
                return DNSRecord(owner: canonicalName, timeToLive: record.timeToLive, data: record.data) ?? record
            }
            return DNSRecord(
                owner: canonicalName, type: record.type, timeToLive: record.timeToLive, octets: octets)
        }
        return Answer(
            to: question, .records(shared), canonicalName: canonicalName, security: security, lifetime: lifetime,
            report: report?.sharing(canonicalName), source: source, isStale: isStale)
    }

    /// The memory that it takes up as an entry of a cache, in octets: what is stored, and what the allocator adds.
    var estimatedOctets: Int {
        let name = Self.allocation + question.name.wire.count
        let alias = canonicalName == question.name ? 0 : Self.allocation + canonicalName.wire.count
        let texts = report?.storedOctets(allocation: Self.allocation)
        let data = records.reduce(0) { $0 + MemoryLayout<DNSRecord>.stride + $1.data.allocatedOctets }
        return Self.slot + name + alias + (texts ?? 0) + (records.isEmpty ? 0 : Self.allocation) + data
    }

    /// What the library adds to each array: its header, and the rounding of sizes.
    private static let allocation = 48
    /// An entry's place in a table that is three quarters full at best, and half on average.
    private static let slot = (MemoryLayout<Answer>.stride + 64) * 2
}

extension RecordData {
    fileprivate var allocatedOctets: Int {
        switch self {
        case .a, .aaaa: 0
        case .srv(_, _, _, let name), .cname(let name), .ns(let name): 48 + name.wire.count
        case .soa(let start): 96 + start.primaryServer.wire.count + start.responsibleMailbox.wire.count
        case .tlsa(let record): 48 + record.data.count
        case .other(let octets): 48 + octets.count
        }
    }
}
