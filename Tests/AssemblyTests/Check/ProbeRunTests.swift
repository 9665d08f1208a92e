import DomainAssociation
import EventLoops
import Federation
import StreamProtocol
import Testing
import TransportSecurity
import XMPPModel

@testable import Assembly

/// Many servers looked at together.
@Suite("Looking at many servers")
struct ProbeRunTests {
    @Test func `it ends in time, whoever is silent, with an outcome for each in order`() async throws {
        var manner = ScriptedXMPPServer.Manner()
        manner.clear = nil
        let server = try ScriptedXMPPServer(manner)
        let loop = try EventLoop(name: "probe")
        defer { loop.stop() }
        let context = try TLSContext.client()
        let settings = EndpointProbe.Settings(
            domain: try DomainName("c.test"), service: .server, negotiationTimeout: .seconds(600))
        let targets = Array(repeating: ProbeRun.Target(address: server.address, directTLS: false), count: 9)
        let start = ContinuousClock.now
        // The loop takes the time: who waits for it may have to wait for a thread as well.
        let (outcomes, end) = await withCheckedContinuation { continuation in
            loop.execute {
                ProbeRun(targets, settings, context: context, on: loop) {
                    continuation.resume(returning: ($0, ContinuousClock.now))
                }.start(within: .milliseconds(300))
            }
        }
        #expect(end - start < .seconds(60))
        let reasons = outcomes.map { $0.failure ?? $0.findings.fault?.reason ?? "" }
        #expect(reasons == Array(repeating: "the check took too long, and was ended", count: 9))
        // No more than a few are talked to at the same time.
        #expect(outcomes.count { $0.failure == nil } <= 6)
    }
}
