public import DNSMessages

/// Learns from a provisioning domain which zones are internal to a network (RFC 8801), within what the operator allows.
///
/// The domain is configured, and its server proves by certificate that it is the domain's: nothing is taken on trust
/// from the network. A value is for one attachment to a network, which for a daemon ends with a reload.
public struct ProvisioningDiscovery: Sendable {
    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The resolver begins to work.
        case started
        /// What came of a fetch.
        case fetched(Result<ProvisioningResponse, ProvisioningFailure>)
        /// The timer ran out.
        case timerFired
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Fetch `https://DOMAIN/.well-known/pvd` by GET, with `Accept: application/pvd+json`, from a server whose
        /// certificate names the domain; and follow redirections to other such places.
        case fetch
        /// Set the timer, in place of its former setting.
        case setTimer(after: Duration)
        /// These are the zones learnt, in place of all that were; their servers are indices into the plan given. What is
        /// known at or below names that come or go, that something is not there included, came from others and is to be
        /// forgotten, which ``Resolver`` does when its plan changes.
        case zonesChanged([ResolutionZone])
        /// Tell the operator.
        case report(ProvisioningNotice)
    }

    /// The path on the domain's web server (RFC 8801 §4.1).
    public static let path = "/.well-known/pvd"
    /// Redirections that are followed.
    public static let maximumRedirections = 5
    /// Octets of a response that are looked at.
    public static let maximumOctets = ProvisioningDocument.maximumOctets
    /// The type of the content (RFC 8801 §8.5).
    public static let mediaType = "application/pvd+json"
    /// The shortest time between two requests (RFC 8801 §4.1).
    public static let shortestPause = Duration.seconds(10)
    /// Failures after which nothing is asked any more (RFC 8801 §4.1).
    public static let maximumFailures = 10
    private static let pause = (first: Duration.seconds(60), longest: Duration.seconds(3600))
    /// Years, as a bound for timers.
    private static let longestLife: Int64 = 366 * 86400

    private let domain: DNSName
    private let allowed: [DNSName]
    private let networks: [[NetworkPrefix]]
    private let servers: [Int]
    private let validation: ResolutionZone.Validation
    private var chance: SeededChance

    private var zones: [DNSName] = []
    private var expiry: Duration?
    private var refresh: Duration?
    private var lastRequest: Duration?
    private var failures = 0
    private var unreachable = 0
    private var isFetching = false

    /// - Parameters:
    ///   - domain: The identifier of the provisioning domain.
    ///   - allowed: The zones that it may claim, with all below them; the root and top-level names are passed over.
    ///   - networks: The IPv6 prefixes of this host, for each interface that has any: those of one at least have to be
    ///     the domain's.
    ///   - servers: The network's resolvers, as indices into the plan.
    ///   - validation: Who validates in the zones learnt.
    ///   - seed: Chance, for the moment of a refresh.
    public init(
        domain: DNSName, allowed: [DNSName], networks: [[NetworkPrefix]], servers: [Int],
        validation: ResolutionZone.Validation, seed: UInt64
    ) {
        self.domain = domain
        self.allowed = allowed
        self.networks = networks
        self.servers = servers
        self.validation = validation
        chance = SeededChance(state: seed)
    }

    /// Takes note of an event.
    public mutating func handle(_ event: Event, at time: ResolutionTime) -> [Action] {
        switch event {
        case .started:
            return allowed.filter(Self.isTooHigh).map { .report(.tooHigh($0)) } + request(at: time)
        case .fetched(let outcome):
            guard isFetching else { return [] }
            isFetching = false
            return fetched(outcome, at: time)
        case .timerFired:
            return timerFired(at: time)
        }
    }

    private mutating func timerFired(at time: ResolutionTime) -> [Action] {
        var actions: [Action] = []
        if let expiry, expiry <= time.elapsed {
            actions += lapse()
            // An expiry is the one occasion to ask again after a failure.
            refresh = time.elapsed
        }
        if let refresh, refresh <= time.elapsed { return actions + request(at: time) }
        return actions + nextTimer(at: time)
    }

    private mutating func request(at time: ResolutionTime) -> [Action] {
        guard !isFetching, failures < Self.maximumFailures else { return nextTimer(at: time) }
        if let lastRequest, lastRequest + Self.shortestPause > time.elapsed {
            refresh = lastRequest + Self.shortestPause
            return nextTimer(at: time)
        }
        refresh = nil
        lastRequest = time.elapsed
        isFetching = true
        return [.fetch] + nextTimer(at: time)
    }

    private mutating func fetched(
        _ outcome: Result<ProvisioningResponse, ProvisioningFailure>, at time: ResolutionTime
    ) -> [Action] {
        do throws(ProvisioningFailure) {
            return learn(try read(try outcome.get(), at: time), at: time)
        } catch {
            return failed(error, at: time)
        }
    }

    private func read(
        _ response: ProvisioningResponse, at time: ResolutionTime
    ) throws(ProvisioningFailure) -> ProvisioningDocument {
        guard 200...299 ~= response.status else { throw .status(response.status) }
        guard response.essence == Self.mediaType else {
            throw .mediaType(String((response.mediaType ?? "").prefix(80)))
        }
        let document = try ProvisioningDocument(response.body, about: domain, at: time.wallClock)
        let announced = networks.filter { !$0.isEmpty }
        if let first = announced.first?.first, !announced.contains(where: document.covers) {
            throw .otherNetwork(first)
        }
        return document
    }

    private mutating func learn(_ document: ProvisioningDocument, at time: ResolutionTime) -> [Action] {
        var notices: [ProvisioningNotice] = []
        var taken: [DNSName] = []
        for zone in document.zones where !taken.contains(zone) {
            if Self.isTooHigh(zone) {
                notices.append(.tooHigh(zone))
            } else if allowed.contains(where: { !Self.isTooHigh($0) && zone.isAtOrBelow($0) }) {
                taken.append(zone)
            } else {
                notices.append(.notAllowed(zone))
            }
        }
        failures = 0
        unreachable = 0
        let life = min(document.expiration - time.wallClock, Self.longestLife)
        let delay = Int64.random(in: (life * 500)...(life * 1000), using: &chance)
        expiry = time.elapsed + .seconds(life)
        refresh = time.elapsed + .milliseconds(delay)
        notices.append(.learnt(taken, until: time.wallClock + life))
        zones = taken
        let learnt = taken.map {
            ResolutionZone(name: $0, servers: servers, validation: validation, expiry: expiry)
        }
        return notices.map { .report($0) } + [.zonesChanged(learnt)] + nextTimer(at: time)
    }

    private mutating func failed(_ failure: ProvisioningFailure, at time: ResolutionTime) -> [Action] {
        guard case .unreachable = failure else {
            failures += 1
            return [.report(.failed(failure, retry: nil))] + nextTimer(at: time)
        }
        let pause = min(Self.pause.first * (1 << min(unreachable, 6)), Self.pause.longest)
        unreachable += 1
        refresh = time.elapsed + pause
        return [.report(.failed(failure, retry: pause))] + nextTimer(at: time)
    }

    private mutating func lapse() -> [Action] {
        let names = zones
        zones = []
        expiry = nil
        guard !names.isEmpty else { return [] }
        return [.zonesChanged([]), .report(.lapsed(names))]
    }

    private func nextTimer(at time: ResolutionTime) -> [Action] {
        guard let next = [expiry, refresh].compactMap({ $0 }).min() else { return [] }
        return [.setTimer(after: max(next - time.elapsed, .zero))]
    }

    private static func isTooHigh(_ zone: DNSName) -> Bool { zone.labelCount < 2 }
}
