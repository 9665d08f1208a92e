import Demonstration
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

    /// A server, whether it gets a key in clear or an objection under TLS, and what comes of dialback.
    private static let trials:
        [(change: @Sendable (inout ScriptedXMPPServer.Manner) -> Void, objection: String?, StreamFindings.Dialback?)] =
            [
                ({ $0.clear = ScriptedXMPPServer.Manner.dialback }, nil, .accepted),
                (
                    {
                        $0.inPlaceOfClear =
                            "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
                            + "xmlns:db='jabber:server:dialback' id='x'>"
                    }, nil, .accepted
                ),
                (
                    {
                        $0.clear = ScriptedXMPPServer.Manner.dialback
                        $0.dialbackAnswer = nil
                    }, nil, .timedOut
                ),
                ({ $0.protected = ScriptedXMPPServer.Manner.dialback }, nil, .accepted),
                (
                    { $0.protected = ScriptedXMPPServer.Manner.dialback }, "not this one",
                    .withheld(reason: "not this one")
                ),
                ({ $0.clear = ScriptedXMPPServer.Manner.startTLS }, nil, nil),
            ]

    @Test(arguments: trials)
    private func `DB-21: dialback is tried on the wire as it is wanted`(
        change: @Sendable (inout ScriptedXMPPServer.Manner) -> Void, objection: String?,
        result: StreamFindings.Dialback?
    ) async throws {
        let issued = try TransportSecurity.CertificateAuthority.selfSigned(CheckScene.template("c.test", []))
        var manner = ScriptedXMPPServer.Manner(identity: try issued.identity(), from: "c.test")
        manner.dialbackAnswer =
            "<db:result xmlns:db='jabber:server:dialback' from='c.test' to='a.test' type='valid'/>"
        change(&manner)
        let server = try ScriptedXMPPServer(manner)
        let loop = try EventLoop(name: "probe")
        defer { loop.stop() }
        let context = try TLSContext.client()
        var settings = EndpointProbe.Settings(
            domain: try DomainName("c.test"), service: .server, sender: try DomainName("a.test"))
        settings.dialbackTimeout = .milliseconds(200)
        let own = issued.certificate
        let trial = ProbeRun.Trial(dialback: DialbackTrial(keys: SeenServer.keys, allowsClear: true)) { certificates in
            certificates == [own] ? objection : "another certificate"
        }
        let target = ProbeRun.Target(address: server.address, directTLS: false, trial: trial)
        let outcomes = await withCheckedContinuation { continuation in
            loop.execute { [settings] in
                ProbeRun([target], settings, context: context, on: loop) { continuation.resume(returning: $0) }
                    .start(within: .seconds(60))
            }
        }
        #expect(outcomes.map(\.findings.dialback) == [result], "\(server.transcript)")
        let isSent = server.transcript.contains { $0.hasSuffix("</db:result>") }
        #expect(isSent == (result == .accepted || result == .timedOut))
    }
}
