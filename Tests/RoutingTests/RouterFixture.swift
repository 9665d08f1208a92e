import DomainAssociation
import Routing
import XMPPModel

/// Proves every claim: the tests of routing begin where proving has ended.
private struct CertainProoftype: Prooftype {
    let name: ProoftypeName = "certain"

    func assess(_ claim: DomainClaim, with evidence: Evidence) -> Assessment {
        .proven(Proof([:], expires: nil))
    }
}

/// A router with its clock, for tests: two hosted domains, and chance that does not vary.
struct RouterFixture {
    static let juliet = domain("a.example")
    static let second = domain("chat.a.example")
    static let remote = domain("b.example")
    static let other = domain("c.example")

    var router: Router
    var now = 1000.0
    /// The streams of the peer's that carry pairs back, known or not to the router.
    var waysBack: [DomainPair: UInt64] = [:]
    /// Whether looking for a way back is left to the test, as where the stream is on another loop.
    var isAnsweredLater = false

    init(
        limits: RoutingLimits = RoutingLimits(), timeouts: RoutingTimeouts = RoutingTimeouts(),
        blocked: Set<DomainName> = [], former: Set<DomainName> = [], chance: Double = 0.5
    ) {
        router = Router(
            limits: limits, timeouts: timeouts,
            hostedDomains: HostedDomains(
                [Self.juliet: "component", Self.second: "component"], former: former),
            isAllowed: { !blocked.contains($0) }, random: { chance })
    }

    /// What the router asks for, with ways back looked for at once and what followed in the place of that.
    mutating func handle(_ event: RoutingEvent) -> [RoutingAction] {
        router.handle(event, at: now).flatMap { action in
            guard case .findWayBack(let pair) = action, !isAnsweredLater else { return [action] }
            return answer(pair)
        }
    }

    mutating func answer(_ pair: DomainPair) -> [RoutingAction] {
        guard let stream = waysBack[pair] else { return handle(.noWayBack(pair)) }
        return establish(pair.sender, pair.target, stream)
    }

    /// Submits stanzas of the first hosted domain.
    mutating func submit(_ stanzas: [Stanza], from local: DomainName = juliet) -> [RoutingAction] {
        handle(.submitted(stanzas, from: local))
    }

    mutating func establish(_ local: DomainName, _ remote: DomainName, _ stream: UInt64) -> [RoutingAction] {
        handle(.established(Self.association(local, remote), on: StreamID(stream)))
    }

    mutating func fail(_ kind: AttemptFailure.Kind, _ explanation: String = "no luck") -> [RoutingAction] {
        handle(.attemptFailed(Self.pair, AttemptFailure(kind, explanation)))
    }

    static let pair = DomainPair(sender: juliet, target: remote)

    static func domain(_ text: String) -> DomainName {
        do { return try DomainName(text) } catch { preconditionFailure("\(text): \(error)") }
    }

    /// An association of a stream that we opened, or that was opened to us.
    static func association(
        _ sender: DomainName, _ target: DomainName, side: DomainClaim.Side = .target
    ) -> Association {
        let claim = DomainClaim(
            pair: DomainPair(sender: sender, target: target), side: side, certificates: [], moment: 0)
        var proofCase = ProofCase(claim, under: FederationPolicy(prooftypes: [CertainProoftype()]))
        guard case .concluded(.proven(let proven))? = proofCase.handle(.opened).first else {
            preconditionFailure("the prooftype proves everything")
        }
        return proven.association(by: side == .target ? .serverIdentity : .external)
    }

    /// A numbered message; localparts and resources vary with the number (RT-04).
    static func message(
        _ number: Int, to target: String = "b.example", from sender: String = "a.example", type: String? = "chat"
    ) -> Stanza {
        let resource = number.isMultiple(of: 2) ? "/r\(number)" : ""
        return Stanza(
            .message, from: "juliet@\(sender)", to: "romeo@\(target)\(resource)", id: String(number), type: type,
            content: Array("<body>\(number)</body>".utf8))
    }
}

extension [RoutingAction] {
    /// Without what every router does beside the point.
    var essential: [RoutingAction] {
        filter { action in
            switch action {
            case .wake, .report: false
            case .hand, .send, .findWayBack, .open, .submit: true
            }
        }
    }

    /// What is handed to hosted domains: bounces, mostly.
    var handed: [Stanza] {
        flatMap { action -> [Stanza] in
            guard case .hand(let stanzas, _) = action else { return [] }
            return stanzas
        }
    }

    var sent: [Stanza] {
        flatMap { action -> [Stanza] in
            guard case .send(let stanzas, _) = action else { return [] }
            return stanzas
        }
    }

    var opened: [DomainPair] {
        compactMap { action in
            guard case .open(let pair) = action else { return nil }
            return pair
        }
    }

    var sought: [DomainPair] {
        compactMap { action in
            guard case .findWayBack(let pair) = action else { return nil }
            return pair
        }
    }

    var wakes: [Double] {
        compactMap { action in
            guard case .wake(let time) = action else { return nil }
            return time
        }
    }

    var reports: [RoutingReport] {
        compactMap { action in
            guard case .report(let report) = action else { return nil }
            return report
        }
    }
}

extension Stanza {
    /// Whether it is an error with this condition and type.
    func isError(_ condition: StanzaError.Condition, _ kind: StanzaError.Kind) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return isError && text.contains("<error type='\(kind.rawValue)'><\(condition.rawValue) ")
    }
}
