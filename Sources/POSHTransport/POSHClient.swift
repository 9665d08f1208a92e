public import DNSTransport
public import DomainAssociation
public import EventLoops
internal import HTTPExchange
internal import Prooftypes
public import XMPPModel

/// Retrieves POSH documents on one loop: performs what ``POSHLibrary`` decides, with names looked up by the resolver and
/// web servers that have to prove who they are (RFC 7711, draft-miller-posh-02).
///
/// One request is made for all who ask for a domain at the same time, and what it found is kept for as long as it counts.
/// To be shut down before it is let go. ``SharedPOSHClient`` is the one of a process with several loops.
public final class POSHClient: PublishedKeysSource {
    /// Gets what came of each retrieval; on the loop.
    public var reported: ((POSHReport) -> Void)?

    private struct Undertaking {
        let question: POSHQuestion
        let rules: RetrievalRules
        let start: LoopTime
        let timer: LoopTimer
        var request: DocumentRequest?
    }

    private var settings: RetrievalSettings
    private let resolver: any NameResolver
    private let loop: EventLoop
    private let wallClock: @Sendable () -> Int64
    private let client: HTTPClient
    private var library = POSHLibrary()
    private var undertakings: [Int: Undertaking] = [:]
    private var completions: [Int: (PublishedKeys) -> Void] = [:]
    private var lastTicket = 0
    private var isShutDown = false

    /// Connections live on for a moment, since the next request of a retrieval often goes to the same server. An address
    /// has as many as there are retrievals: the domains behind it are strangers to each other, and one that keeps its
    /// connections busy must not use up those of the others.
    private static let limits = HTTPClientLimits(requests: 1024, connectionsPerHost: 256, keptConnections: 8)

    /// A client that has retrieved nothing yet.
    ///
    /// - Parameters:
    ///   - settings: What holds for retrievals.
    ///   - resolver: Looks the names of web servers up, on the same loop.
    ///   - loop: Where everything happens, this call included.
    ///   - wallClock: Seconds since 1970: how long documents count.
    public init(
        _ settings: RetrievalSettings = RetrievalSettings(), resolver: any NameResolver, on loop: EventLoop,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.system
    ) {
        self.settings = settings
        self.resolver = resolver
        self.loop = loop
        self.wallClock = wallClock
        client = HTTPClient(on: loop, limits: Self.limits)
    }

    /// See ``PublishedKeysSource``.
    public func publishedKeys(
        of domain: DomainName, for service: ClaimedService, completion: @escaping (PublishedKeys) -> Void
    ) {
        guard !isShutDown else { return loop.afterTurn { completion(Self.nothing) } }
        lastTicket += 1
        completions[lastTicket] = completion
        perform(library.ask(POSHQuestion(domain, for: service), ticket: lastTicket, at: wallClock()))
    }

    /// Goes by other settings from now on. What was retrieved under rules that do not hold any more is forgotten, and what
    /// is being retrieved so begins anew.
    public func replace(_ fresh: RetrievalSettings) {
        let former = settings
        settings = fresh
        guard !isShutDown else { return }
        perform(library.renew(at: wallClock()) { former.rules($0.domain) != fresh.rules($0.domain) })
    }

    /// Ends all retrievals; who waits is told that there is nothing, and so is whoever asks later.
    public func shutDown() {
        isShutDown = true
        for undertaking in undertakings.values {
            undertaking.timer.cancel()
            undertaking.request?.cancel()
        }
        undertakings = [:]
        client.shutDown()
        let waiting = completions.sorted { $0.key < $1.key }
        completions = [:]
        for (_, completion) in waiting { completion(Self.nothing) }
    }

    private static let nothing = PublishedKeys(.unanswered(reason: "POSH documents are not retrieved any more"))

    // MARK: - Performing

    private func perform(_ actions: [POSHLibrary.Action]) {
        for action in actions {
            switch action {
            case .begin(let question, let number): begin(question, number)
            case .get(let url, let number): get(url, number)
            case .end(let number, let keys): end(number, keys)
            case .deliver(let keys, let tickets):
                // Never within the call that asked.
                loop.afterTurn { [weak self] in
                    for ticket in tickets { self?.completions.removeValue(forKey: ticket)?(keys) }
                }
            }
        }
    }

    private func begin(_ question: POSHQuestion, _ number: Int) {
        let timer = loop.scheduleSoon(after: settings.timeLimit) { [weak self] in
            self?.handle(.failed(.timedOut), number)
        }
        undertakings[number] = Undertaking(
            question: question, rules: settings.rules(question.domain), start: loop.now, timer: timer)
    }

    private func get(_ url: HTTPSAddress, _ number: Int) {
        guard let undertaking = undertakings[number] else { return }
        let rules = undertaking.rules
        let request = DocumentRequest(
            for: url, under: rules, within: settings.timeLimit, by: client, on: loop
        ) { [weak self] event in self?.handle(event, number) }
        undertakings[number]?.request = request
        // Only the domain's own server stands where the configuration says: others would borrow its address.
        request.start(
            at: url.host == undertaking.question.domain.ascii ? rules.server : nil, resolver: resolver)
    }

    private func handle(_ event: POSHRetrieval.Event, _ number: Int) {
        undertakings[number]?.request?.cancel()
        undertakings[number]?.request = nil
        perform(library.handle(event, retrieval: number, at: wallClock()))
    }

    private func end(_ number: Int, _ keys: PublishedKeys?) {
        guard let undertaking = undertakings.removeValue(forKey: number) else { return }
        undertaking.timer.cancel()
        undertaking.request?.cancel()
        guard let keys else { return }
        reported?(POSHReport(undertaking.question, keys, duration: loop.now - undertaking.start))
    }
}
