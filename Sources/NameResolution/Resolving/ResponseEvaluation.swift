internal import DNSMessages

/// What a response means for a question: the one place that tells "no records" from "no idea" (RFC 2308 §2).
///
/// Of the response only records count whose names belong to the zone that was asked; an alias that leaves the zone ends
/// what it has to say (EN-04).
struct ResponseEvaluation: Sendable {
    enum Verdict: Sendable {
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
    /// What has to be genuine for the verdict to hold.
    private(set) var task: ValidationTask

    init(
        of response: DNSResponse, type: RecordType, along chain: AliasChain, in zone: ResolutionZone,
        among zones: ZoneIndex
    ) {
        aliases = chain
        verdict = .unusable(.lameServer)
        task = ValidationTask(positive: [], denial: nil, answers: [], authorities: [])
        guard response.code == .noError || response.code == .nameError else {
            verdict = .unusable(.serverAnswered(response.code))
            return
        }
        let answers = response.answers.filter { zones.isName($0.owner, of: zone) }
        guard let hasLeft = follow(answers, type: type, in: zone, among: zones) else {
            verdict = .unusable(.tooManyAliases)
            return
        }
        let hasFollowed = aliases.names.count > chain.names.count
        verdict = hasLeft ? .incomplete : judge(response, answers, type: type, hasFollowed: hasFollowed)
        task.answers = answers.filter { $0.type == .rrsig || $0.type == .dname }
        task.authorities = response.authorities.filter { Self.provingTypes.contains($0.type) }
    }

    private static let provingTypes: Set<RecordType> = [.rrsig, .nsec, .nsec3, .soa]

    private mutating func judge(
        _ response: DNSResponse, _ answers: [DNSRecord], type: RecordType, hasFollowed: Bool
    ) -> Verdict {
        let records = answers.filter { $0.owner == aliases.last && $0.type == type }
        if !records.isEmpty {
            task.positive.append(.init(owner: aliases.last, type: type, records: records))
            let lifetime = records.map(\.lifetime).min() ?? .zero
            return .answer(.records(records), lifetime: min(lifetime, Self.longestLifetime))
        }
        // The code of a response speaks of the end of the aliases in it (RFC 6604 §3).
        let negative = Self.negativeLifetime(in: response.authorities, for: aliases.last)
        if response.code == .nameError {
            task.denial = .nameDoesNotExist(aliases.last)
            return .answer(.nameDoesNotExist, lifetime: negative ?? .zero)
        }
        // Denials alone say nothing of the end of the aliases: a wildcard's alias comes with one of its own.
        if hasFollowed, negative == nil { return .incomplete }
        // Name servers without an SOA are a referral, not an answer (RFC 2308 §2.2).
        let isReferral = response.authorities.contains { $0.type == .ns } && !response.isAuthoritative
        if negative == nil, isReferral { return .unusable(.lameServer) }
        task.denial = .noRecords(DNSQuestion(aliases.last, type))
        return .answer(.noRecords, lifetime: negative ?? .zero)
    }

    /// Follows the aliases in the response.
    ///
    /// - Returns: Whether they leave the zone; nil when they loop or are too many.
    private mutating func follow(
        _ answers: [DNSRecord], type: RecordType, in zone: ResolutionZone, among zones: ZoneIndex
    ) -> Bool? {
        guard type != .cname else { return false }
        while true {
            let owner = aliases.last
            let atEnd = answers.filter { $0.owner == owner }
            if atEnd.contains(where: { $0.type == type }) { return false }
            let links = atEnd.filter { $0.type == .cname }
            guard let link = links.first, case .cname(let target) = link.data else { return false }
            guard aliases.follow(target, lifetime: link.lifetime) else { return nil }
            task.positive.append(.init(owner: owner, type: .cname, records: links))
            guard zones.isName(target, of: zone) else { return true }
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
