public import XMPPModel

/// One attempt to reach a remote domain: which endpoint is next, and why all of them failed in the end.
public struct ConnectionPlan: Sendable {
    /// Somewhere to connect to.
    public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A host name or address, as the operator should read it.
        public let host: String
        /// The TCP port.
        public let port: UInt16
        /// Whether TLS begins with the first octet (XEP-0368).
        public let directTLS: Bool
        /// The caller's own number for it.
        public let index: Int

        /// Makes an endpoint.
        public init(host: String, port: UInt16, directTLS: Bool = false, index: Int) {
            self.host = host
            self.port = port
            self.directTLS = directTLS
            self.index = index
        }

        /// For logs and bounces: `xmpp.b.example:5269`, with the brackets of an IPv6 address.
        public var description: String {
            let address = host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[") ? "[\(host)]" : host
            return "\(address):\(port)" + (directTLS ? " (direct TLS)" : "")
        }
    }

    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The attempt begins.
        case started
        /// The endpoint that was tried last has failed, at which step and why.
        case endpointFailed(AttemptFailure.Kind, reason: String)
        /// The endpoint that was tried last carries a stream.
        case succeeded
        /// The attempt ends early, for example because its time is over.
        case abandoned(AttemptFailure.Kind, reason: String)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Connect to this endpoint and negotiate.
        case attempt(Endpoint)
        /// Every endpoint has failed: the end.
        case exhausted(AttemptFailure)
    }

    private enum State: Sendable {
        case notStarted
        case trying(Int)
        case over
    }

    /// Octets of the explanation; what is longer is cut with an ellipsis.
    static let maximumExplanation = 900

    private let domain: DomainName
    private let endpoints: [Endpoint]
    private let skipped: Int
    private var state = State.notStarted
    private var reasons: [String] = []
    private var kind: AttemptFailure.Kind?

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - endpoints: Where to connect, in the order of trying.
    ///   - maximumAttempts: How many of them are tried at most, so that a domain with hundreds of records cannot keep
    ///     us busy.
    public init(to domain: DomainName, endpoints: [Endpoint], maximumAttempts: Int = 16) {
        self.domain = domain
        self.endpoints = Array(endpoints.prefix(max(maximumAttempts, 1)))
        skipped = endpoints.count - self.endpoints.count
    }

    /// The endpoint that is being tried, or that carries the stream.
    public private(set) var current: Endpoint?

    /// Takes what happened and says what is to be done. What comes before the start or after the end has no effect.
    public mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        case (.notStarted, .started): return attempt(0)
        case (.trying(let index), .endpointFailed(let kind, let reason)):
            note(kind, "\(endpoints[index]): \(reason)")
            return attempt(index + 1)
        case (.trying, .succeeded):
            state = .over
            return []
        case (.notStarted, .abandoned(let kind, let reason)):
            note(kind, reason)
            return exhaust()
        case (.trying(let index), .abandoned(let kind, let reason)):
            note(kind, "\(endpoints[index]): \(reason)")
            return exhaust()
        case (.notStarted, .endpointFailed), (.notStarted, .succeeded), (.trying, .started), (.over, _): return []
        }
    }

    private mutating func attempt(_ index: Int) -> [Action] {
        guard index < endpoints.count else { return exhaust() }
        state = .trying(index)
        current = endpoints[index]
        return [.attempt(endpoints[index])]
    }

    private mutating func note(_ kind: AttemptFailure.Kind, _ reason: String) {
        reasons.append(reason)
        // The failure that got furthest tells most: an endpoint that refused us is there, whatever the others say.
        if self.kind.map({ Self.rank($0) < Self.rank(kind) }) ?? true { self.kind = kind }
    }

    private mutating func exhaust() -> [Action] {
        state = .over
        current = nil
        guard let kind else {
            return [.exhausted(AttemptFailure(.notFound, "\(domain) offers no server-to-server service"))]
        }
        var text = "no stream to \(domain): " + reasons.joined(separator: "; ")
        if skipped > 0 { text += "; \(skipped) further endpoints were not tried" }
        return [.exhausted(AttemptFailure(kind, Self.shortened(text)))]
    }

    private static func rank(_ kind: AttemptFailure.Kind) -> Int {
        switch kind {
        case .notFound, .notServed: 0
        case .lookupFailed: 1
        case .unreachable: 2
        case .unauthenticated: 3
        case .pairRefused: 4
        case .hadNoTurn: 5
        case .keyRefused: 6
        case .forbidden: 7
        }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > maximumExplanation else { return text }
        var short = ""
        var octets = 0
        for character in text {
            octets += character.utf8.count
            guard octets < maximumExplanation - 3 else { break }
            short.append(character)
        }
        return short + "…"
    }
}
