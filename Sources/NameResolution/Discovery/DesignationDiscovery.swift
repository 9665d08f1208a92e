public import DNSMessages

/// Finds out which encrypted resolvers one resolver designates in its place, and which of them may be asked
/// (RFC 9462).
///
/// It asks nothing and connects to nothing itself. Nobody is trusted because he answered first: an endpoint either
/// proves that it has the address or name of the resolver that designated it, or it has that very private address and
/// the operator contents himself with encryption.
public struct DesignationDiscovery: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The resolver begins to work, and nothing else was asked yet.
        case started
        /// What the designating resolver said to a question.
        case answered(DNSQuestion, Result<DNSResponse, LookupFailure>)
        /// What came of an attempt to verify an endpoint.
        case verified(DesignatedEndpoint, Verification)
        /// A timer ran out.
        case timerFired(Timer)
    }

    /// What came of connecting to an endpoint.
    public enum Verification: Hashable, Sendable {
        /// It answered a question, after its certificate had proved the designating resolver's address or name.
        case authenticated
        /// It did not prove that, with the reason; and whether it answers all the same, if that was asked for.
        case notAuthenticated(String, answers: Bool)
        /// It cannot be reached, or gives no answer; with the reason.
        case unreachable(String)
    }

    /// The timers; setting one replaces its former setting.
    public enum Timer: Hashable, Sendable {
        /// How long answers and proofs are waited for.
        case patience
        /// When to look again.
        case refresh
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Ask the designating resolver itself: in clear where it is known by its address, else over the channel that
        /// was configured for its name.
        case ask(DNSQuestion)
        /// Connect to the endpoint, demand the proof, and ask anything; without a proof ask again only if allowed.
        case verify(DesignatedEndpoint, allowsUnauthenticated: Bool)
        /// Set a timer.
        case setTimer(Timer, after: Duration)
        /// Use these in place of the designating resolver; none: go on as configured. Said once for every discovery.
        case conclude([DesignatedResolver], refusals: [DesignationRefusal])
    }

    /// Aliases that are followed.
    public static let maximumAliases = 4
    /// Records of a set, targets and endpoints that are looked at.
    static let most = (records: 16, targets: 4, addresses: 4, endpoints: 8)
    /// How long answers, and then proofs, are waited for.
    public static let patience = Duration.seconds(4)

    /// Who is asked.
    public let designator: DesignatingResolver
    /// What may be asked in its place at present.
    public internal(set) var designated: [DesignatedResolver] = []

    let profile: UpstreamServer.Profile
    var generator: SeededChance
    var stage = Stage.settled
    var refusals: [DesignationRefusal] = []
    /// Seconds that the designations hold.
    var timeToLive = UInt32.max

    enum Stage: Hashable {
        case settled
        case asking(DNSQuestion, owners: [DNSName])
        case locating([DesignationOffer], open: Set<DNSQuestion>, addresses: [DNSName: [IPAddress]])
        case verifying([DesignatedEndpoint], outcomes: [DesignatedEndpoint: Verification], isRenewal: Bool)
    }

    /// - Parameters:
    ///   - designator: Who is asked.
    ///   - profile: Whether encryption without authentication will do (DD-03).
    ///   - seed: Chance, for the choice among equals.
    public init(of designator: DesignatingResolver, profile: UpstreamServer.Profile, seed: UInt64) {
        self.designator = designator
        self.profile = profile
        generator = SeededChance(state: seed)
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event) -> [Action] {
        switch (event, stage) {
        case (.started, .settled), (.timerFired(.refresh), .settled):
            return begin()
        case (.answered(let question, let outcome), .asking(let asked, let owners)) where question == asked:
            return answered(outcome, question, owners: owners)
        case (.answered(let question, let outcome), .locating(let offers, var open, var addresses)):
            guard open.remove(question) != nil else { return [] }
            if case .success(let response) = outcome {
                addresses[question.name, default: []] += ResponseRecords.addresses(for: question, in: response)
            }
            stage = .locating(offers, open: open, addresses: addresses)
            return open.isEmpty ? verifyOffers(offers, addresses: addresses) : []
        case (.verified(let endpoint, let outcome), .verifying(let endpoints, var outcomes, let isRenewal)):
            guard endpoints.contains(endpoint), outcomes[endpoint] == nil else { return [] }
            outcomes[endpoint] = outcome
            stage = .verifying(endpoints, outcomes: outcomes, isRenewal: isRenewal)
            return outcomes.count == endpoints.count ? judge(endpoints, outcomes, isRenewal: isRenewal) : []
        case (.timerFired(.patience), .asking):
            return giveUp(.noAnswer(.timedOut), retry: Self.retryAfterSilence)
        case (.timerFired(.patience), .locating(let offers, _, let addresses)):
            return verifyOffers(offers, addresses: addresses)
        case (.timerFired(.patience), .verifying(let endpoints, let outcomes, let isRenewal)):
            return judge(endpoints, outcomes, isRenewal: isRenewal)
        case (.started, _), (.timerFired, _), (.answered, _), (.verified, _):
            return []
        }
    }

    private mutating func begin() -> [Action] {
        refusals = []
        timeToLive = .max
        guard let question = designator.question else {
            return giveUp(.noneDesignated, retry: Self.longestLife)
        }
        stage = .asking(question, owners: [question.name])
        return [.setTimer(.patience, after: Self.patience), .ask(question)]
    }

    private mutating func answered(
        _ outcome: Result<DNSResponse, LookupFailure>, _ question: DNSQuestion, owners: [DNSName]
    ) -> [Action] {
        switch outcome {
        case .failure(let failure):
            return giveUp(.noAnswer(failure), retry: Self.retryAfterSilence)
        case .success(let response) where response.code != .noError && response.code != .nameError:
            return giveUp(.noAnswer(.serverAnswered(response.code)), retry: Self.retryAfterSilence)
        case .success(let response):
            guard let found = ResponseRecords.chain(from: question, in: response) else {
                return giveUp(.alias, retry: Self.retryAfterSilence)
            }
            timeToLive = min(timeToLive, found.timeToLive)
            guard !found.records.isEmpty else {
                let retry = Self.retry(afterDenial: response)
                return giveUp(owners.count > 1 ? .alias : .noneDesignated, retry: retry)
            }
            let records = found.records.compactMap { ServiceBinding($0) }
            guard records.count == found.records.count else { return giveUp(.malformed, retry: life) }
            return evaluate(records, of: found.owner, owners: owners)
        }
    }

    private mutating func evaluate(
        _ records: [ServiceBinding], of owner: DNSName, owners: [DNSName]
    ) -> [Action] {
        // Next to an alias nothing else counts (RFC 9460 §2.4.1).
        if let alias = records.filter(\.isAlias).randomElement(using: &generator) {
            guard !alias.target.isRoot, !owners.contains(alias.target), owners.count <= Self.maximumAliases else {
                return giveUp(.alias, retry: life)
            }
            let question = DNSQuestion(alias.target, .svcb)
            stage = .asking(question, owners: owners + [alias.target])
            return [.setTimer(.patience, after: Self.patience), .ask(question)]
        }
        if records.count > Self.most.records { refusals.append(.tooMany) }
        let ordered = records.shuffled(using: &generator).sorted { $0.priority < $1.priority }
        var offers: [DesignationOffer] = []
        for record in ordered.prefix(Self.most.records) {
            switch DesignationOffer.offers(in: record, of: owner, by: designator) {
            case .success(let found): offers += found
            case .failure(let reason): refusals.append(reason.refusal)
            }
        }
        guard !offers.isEmpty else { return giveUp(nil, retry: life) }
        return locate(offers)
    }

    private mutating func locate(_ offers: [DesignationOffer]) -> [Action] {
        var targets: [DNSName] = []
        for offer in offers where offer.hints.isEmpty && !targets.contains(offer.target) {
            targets.append(offer.target)
        }
        if targets.count > Self.most.targets { refusals.append(.tooMany) }
        let questions = targets.prefix(Self.most.targets).flatMap {
            [DNSQuestion($0, .aaaa), DNSQuestion($0, .a)]
        }
        guard !questions.isEmpty else { return verifyOffers(offers, addresses: [:]) }
        stage = .locating(offers, open: Set(questions), addresses: [:])
        return [.setTimer(.patience, after: Self.patience)] + questions.map { .ask($0) }
    }
}
