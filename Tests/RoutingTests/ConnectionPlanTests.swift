import Routing
import Testing
import XMPPModel

@Suite("Connection plans")
struct ConnectionPlanTests {
    private let first = ConnectionPlan.Endpoint(host: "x1.b.example", port: 5270, directTLS: true, index: 7)
    private let second = ConnectionPlan.Endpoint(host: "2001:db8::1", port: 5269, index: 8)

    private func failure(_ actions: [ConnectionPlan.Action]) -> AttemptFailure? {
        guard actions.count == 1, case .exhausted(let failure)? = actions.first else { return nil }
        return failure
    }

    @Test func `RT-06: every endpoint is tried in order and each reason is told`() {
        var plan = ConnectionPlan(to: RouterFixture.remote, endpoints: [first, second])
        #expect(plan.handle(.started) == [.attempt(first)])
        #expect(plan.current == first)
        #expect(plan.handle(.endpointFailed(.unauthenticated, reason: "certificate expired")) == [.attempt(second)])
        let end = failure(plan.handle(.endpointFailed(.unreachable, reason: "connection refused")))
        #expect(end?.kind == .unauthenticated)
        #expect(
            end?.explanation
                == "no stream to b.example: x1.b.example:5270 (direct TLS): certificate expired; "
                + "[2001:db8::1]:5269: connection refused")
        #expect(plan.current == nil)
    }

    @Test(arguments: [
        ([AttemptFailure.Kind.notFound, .lookupFailed], AttemptFailure.Kind.lookupFailed),
        ([.unreachable, .notFound], .unreachable),
        ([.forbidden, .unauthenticated], .forbidden),
        ([.notFound, .notFound], .notFound),
    ])
    func `RT-06: the failure that got furthest decides`(kinds: [AttemptFailure.Kind], expected: AttemptFailure.Kind) {
        var plan = ConnectionPlan(to: RouterFixture.remote, endpoints: [first, second])
        var actions = plan.handle(.started)
        for kind in kinds { actions = plan.handle(.endpointFailed(kind, reason: "r")) }
        #expect(failure(actions)?.kind == expected)
    }

    @Test func `RT-06: no endpoint at all means that there is no service`() {
        var plan = ConnectionPlan(to: RouterFixture.remote, endpoints: [])
        #expect(failure(plan.handle(.started))?.kind == .notFound)
    }

    @Test func `Attempts are bounded, and so is the explanation`() {
        let endpoints = (0..<500).map { ConnectionPlan.Endpoint(host: "x\($0).b.example", port: 5269, index: $0) }
        var plan = ConnectionPlan(to: RouterFixture.remote, endpoints: endpoints, maximumAttempts: 20)
        var actions = plan.handle(.started)
        var attempts = 0
        while case .attempt? = actions.first {
            attempts += 1
            actions = plan.handle(.endpointFailed(.unreachable, reason: String(repeating: "ü", count: 300)))
        }
        #expect(attempts == 20)
        #expect((failure(actions)?.explanation.utf8.count ?? .max) <= 900)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `Every event has an answer in every state`(state: Int) {
        var plan = ConnectionPlan(to: RouterFixture.remote, endpoints: [first, second])
        if state > 0 { _ = plan.handle(.started) }
        if state == 2 { _ = plan.handle(.succeeded) }
        if state == 3 { _ = plan.handle(.abandoned(.unreachable, reason: "out of time")) }
        let events: [ConnectionPlan.Event] = [
            .started, .endpointFailed(.unreachable, reason: "r"), .succeeded, .abandoned(.unreachable, reason: "r"),
        ]
        for event in events {
            var copy = plan
            let actions = copy.handle(event)
            #expect(actions.count <= 1)
            if state >= 2 { #expect(actions.isEmpty) }
        }
    }
}
