internal import DNSMessages

/// What one response says to a question, its aliases followed within it.
enum ResponseRecords {
    /// The records at the end of the aliases.
    struct Chain {
        /// Their owner.
        var owner: DNSName
        /// None, when there are none.
        var records: [DNSRecord]
        /// Seconds that all of it holds.
        var timeToLive: UInt32
    }

    private static let maximumAliases = 8

    /// Follows the aliases of a response.
    ///
    /// - Returns: nil when they loop or are too many.
    static func chain(from question: DNSQuestion, in response: DNSResponse) -> Chain? {
        var found = Chain(owner: question.name, records: [], timeToLive: .max)
        for _ in 0...maximumAliases {
            found.records = response.answers.filter { $0.owner == found.owner && $0.type == question.type }
            if let shortest = found.records.map(\.timeToLive).min() {
                found.timeToLive = min(found.timeToLive, shortest)
                return found
            }
            guard let alias = response.answers.first(where: { $0.owner == found.owner && $0.type == .cname }),
                case .cname(let target) = alias.data
            else { return found }
            found.owner = target
            found.timeToLive = min(found.timeToLive, alias.timeToLive)
        }
        return nil
    }

    /// The addresses that answer a question for A or AAAA.
    static func addresses(for question: DNSQuestion, in response: DNSResponse) -> [IPAddress] {
        chain(from: question, in: response)?.records.compactMap { record in
            switch record.data {
            case .a(let address), .aaaa(let address): address
            default: nil
            }
        } ?? []
    }
}
