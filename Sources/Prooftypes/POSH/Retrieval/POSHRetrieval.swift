public import DomainAssociation

/// The retrieval of one POSH document, from the source domain's path to the keys (RFC 7711 §3 and §10).
///
/// It decides which URL is asked next, and when to stop; whoever performs asks, with a web server that has proved its
/// name by PKIX, without cookies, credentials and caches (PO-02, PO-18).
public struct POSHRetrieval: Sendable {
    /// What came of the last request.
    public enum Event: Hashable, Sendable {
        /// A response; `location` as the server wrote it.
        case answered(status: Int, location: String? = nil, body: [UInt8] = [])
        /// None.
        case failed(POSHFetchFailure)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send one GET request, and hand in what comes of it.
        case get(HTTPSAddress)
        /// The retrieval is over.
        case finish(PublishedKeys)
    }

    /// How long the whole may take, in seconds; then `failed(.timedOut)` is due (PO-22).
    public static let mostSeconds = 10
    /// Redirections at most, in the whole of a retrieval (RFC 7711 §10).
    public static let mostRedirections = 10
    /// How long what says nothing of its lifetime counts, in seconds (PO-18).
    public static let usualLifetime: Int64 = 3600
    /// How soon a retrieval that gave no keys is tried again, in seconds.
    public static let negativeLifetime: Int64 = 60

    private let question: POSHQuestion
    private let start: Int64
    private var path = POSHPath.rfc7711
    /// Every URL asked since the domain's path or the reference; who comes back to one is in a loop.
    private var leg: Set<HTTPSAddress> = []
    private var urls: [HTTPSAddress] = []
    private var redirections = 0
    private var hasReference = false
    private var referenceLifetime: Int64?
    private var isOver = false

    /// Prepares a retrieval.
    ///
    /// - Parameters:
    ///   - question: Whose document, and for which service.
    ///   - start: Seconds since 1970; lifetimes count from here, so that slow servers gain nothing.
    public init(_ question: POSHQuestion, start: Int64) {
        self.question = question
        self.start = start
    }

    /// The first request.
    public mutating func begin() -> [Action] { askDomain() }

    /// Takes what came of the last request.
    public mutating func handle(_ event: Event) -> [Action] {
        guard !isOver else { return [] }
        switch event {
        case .failed(.unreachable(let reason)): return finish(.unanswered(reason: "no answer: \(reason)"))
        case .failed(.timedOut): return finish(.unanswered(reason: "\(POSHFetchFailure.timedOut)"))
        case .failed(.tooLarge): return finish(.invalid(reason: "\(POSHFetchFailure.tooLarge)"))
        case .failed(let failure): return finish(.refused(reason: "\(failure)"))
        case .answered(200, _, let body): return read(body)
        case .answered(let status, let location, _) where [301, 302, 303, 307, 308].contains(status):
            return follow(location, status: status)
        case .answered(let status, _, _) where status == 404 || status == 410:
            // Only where the domain has nothing in the RFC's place, the draft's is looked at (PO-01).
            guard path == .rfc7711, !hasReference else { return finish(.none(reason: "status \(status)")) }
            path = .draft
            return askDomain()
        case .answered(let status, _, _): return finish(.unanswered(reason: "status \(status)"))
        }
    }

    private mutating func askDomain() -> [Action] {
        guard let url = question.url(path) else { return finish(.none(reason: "addresses publish nothing")) }
        leg = []
        return ask(url)
    }

    private mutating func ask(_ url: HTTPSAddress) -> [Action] {
        leg.insert(url)
        urls.append(url)
        return [.get(url)]
    }

    /// Every redirection is a temporary one: the next retrieval begins at the domain again (PO-19).
    private mutating func follow(_ location: String?, status: Int) -> [Action] {
        guard let location, let url = urls.last?.resolving(location) else {
            let place = location.map { "to \($0.beginning(200))" } ?? "without a Location"
            return finish(.refused(reason: "status \(status) \(place), which is no https URL"))
        }
        redirections += 1
        guard redirections <= Self.mostRedirections else {
            return finish(.refused(reason: "more than \(Self.mostRedirections) redirections"))
        }
        guard !leg.contains(url) else { return finish(.refused(reason: "the redirections go in a circle at \(url)")) }
        return ask(url)
    }

    private mutating func read(_ body: [UInt8]) -> [Action] {
        let document: POSHDocument
        do throws(POSHDocumentFault) { document = try POSHDocument(body) } catch {
            guard case .nothingUsable(_, let warning) = error else { return finish(.invalid(reason: "\(error)")) }
            return finish(.invalid(reason: "\(error)"), warning: warning)
        }
        switch document {
        case .keys(var material):
            // Whatever does not say how long it counts, counts for no longer than the ceiling (PO-18).
            let own = material.lifetime ?? Self.usualLifetime
            let lifetime = hasReference ? min(own, referenceLifetime ?? Self.usualLifetime) : own
            material.lifetime = [material.lifetime, referenceLifetime].compactMap(\.self).min()
            return finish(.material(material), lifetime: lifetime, warning: material.warning)
        case .reference(let url, let lifetime):
            guard !hasReference else {
                return finish(.refused(reason: "the reference leads to another reference, to \(url)"))
            }
            // The draft's references have no lifetime; the RFC's must (PO-08).
            guard lifetime != nil || path == .draft else {
                return finish(.invalid(reason: "\(POSHDocumentFault.missingExpiry)"))
            }
            hasReference = true
            referenceLifetime = lifetime
            leg = []
            return ask(url)
        }
    }

    private mutating func finish(
        _ content: PublishedKeys.Content, lifetime: Int64 = POSHRetrieval.negativeLifetime,
        warning: String? = nil
    ) -> [Action] {
        isOver = true
        let urls = urls.map(\.description)
        return [.finish(PublishedKeys(content, urls: urls, expires: start + lifetime, warning: warning))]
    }
}
