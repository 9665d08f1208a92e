import DNSMessages
import Demonstration
import TestSupport
import Testing

extension Interop {
    /// Scenario `10-signed-hierarchy`: what nsd serves and unbound says, against our own verdict.
    @Suite("10: A signed hierarchy")
    struct SignedHierarchyTests {
        @Test func `unbound`() throws {
            let clock = ContinuousClock()
            let t0 = clock.now
            let network = try DNSNetwork(scenario: "10-signed-hierarchy", zones: SignedHierarchyCase.zones)
            print("up", clock.now - t0)
            for one in SignedHierarchyCase.all {
                do {
                    let t1 = clock.now
                    let response = try network.askUnbound(one.name, one.type)
                    let status =
                        response.code == .serverFailure
                        ? SecurityStatus.bogus : response.isAuthenticated ? .secure : .insecure
                    print(
                        status == (one.unboundStatus ?? one.status) ? "ok " : "BAD", one.name, one.type, one.status,
                        "->", response.code, "AD", response.isAuthenticated, response.answers.count, clock.now - t1)
                } catch {
                    print("BAD", one, error);
                    print(contents(ofFile: network.directory.path(of: "unbound.log")).suffix(6000)); break
                }
            }
            print("done", clock.now - t0)
            print(network.logs)
        }
    }
}
