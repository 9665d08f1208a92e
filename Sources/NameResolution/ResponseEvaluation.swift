internal import DNSMessages

/// What a response means for a question: the one place that tells "no records" from "no idea" (RFC 2308 §2).
struct ResponseEvaluation {
    enum Verdict {
        /// The last word, and how long it holds (aliases apart).
        case answer(Answer.Content, lifetime: Duration)
        /// An alias leads to a name of which the response says nothing.
        case incomplete
        /// Another server may do better.
        case unusable(LookupFailure)
    }

    /// Nothing is kept longer: a wrong record has to go away some day (RFC 8767 §4 caps alike).
    static let longestLifetime = Duration.seconds(86_400)
    /// One to three hours are a sensible upper bound for "there is none" (RFC 2308 §5).
    static let longestNegativeLifetime = Duration.seconds(10_800)

    private(set) var verdict: Verdict
    /// The chain as the response extends it.
    private(set) var aliases: AliasChain

    init(of response: DNSResponse, type: RecordType, along chain: AliasChain) {
        aliases = chain
        verdict = .unusable(.lameServer)
        guard response.code == .noError || response.code == .nameError else {
            verdict = .unusable(.serverAnswered(response.code))
            return
        }
        guard Self.follow(response.answers, type: type, &aliases) else {
            verdict = .unusable(.tooManyAliases)
            return
        }
        verdict = judge(response, type: type, hasFollowed: aliases.names.count > chain.names.count)
    }

    private func judge(_ response: DNSResponse, type: RecordType, hasFollowed: Bool) -> Verdict {
        let records = response.answers.filter { $0.owner == aliases.last && $0.type == type }
        if !records.isEmpty {
            let lifetime = records.map(\.lifetime).min() ?? .zero
            return .answer(.records(records), lifetime: min(lifetime, Self.longestLifetime))
        }
        // The code of a response speaks of the end of the aliases in it (RFC 6604 §3).
        let negative = Self.negativeLifetime(in: response.authorities, for: aliases.last)
        if response.code == .nameError { return .answer(.nameDoesNotExist, lifetime: negative ?? .zero) }
        if let negative { return .answer(.noRecords, lifetime: negative) }
        if hasFollowed { return .incomplete }
        // Name servers without an SOA are a referral, not an answer (RFC 2308 §2.2).
        let isReferral = response.authorities.contains { $0.type == .ns } && !response.isAuthoritative
        return isReferral ? .unusable(.lameServer) : .answer(.noRecords, lifetime: .zero)
    }

    private static func follow(_ answers: [DNSRecord], type: RecordType, _ aliases: inout AliasChain) -> Bool {
        guard type != .cname else { return true }
        while true {
            let atEnd = answers.filter { $0.owner == aliases.last }
            if atEnd.contains(where: { $0.type == type }) { return true }
            let target = atEnd.compactMap { record -> (DNSName, Duration)? in
                guard case .cname(let target) = record.data else { return nil }
                return (target, record.lifetime)
            }.first
            guard let (name, lifetime) = target else { return true }
            guard aliases.follow(name, lifetime: lifetime) else { return false }
        }
    }

    /// The lesser of the SOA's time to live and its MINIMUM; nil without an SOA that speaks for the name (DN-14).
    private static func negativeLifetime(in authorities: [DNSRecord], for name: DNSName) -> Duration? {
        for record in authorities where name.isAtOrBelow(record.owner) {
            guard case .soa(let start) = record.data else { continue }
            return min(.seconds(min(record.timeToLive, start.minimum)), longestNegativeLifetime)
        }
        return nil
    }
}

extension DNSRecord {
    var lifetime: Duration { .seconds(timeToLive) }
}
