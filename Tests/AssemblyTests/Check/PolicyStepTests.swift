import Administration
import Configuration
import DNSMessages
import DomainAssociation
import StreamTestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Assembly
@testable import Federation
@testable import StreamProtocol

/// The verdict on a server and the last step, on facts alone.
@Suite("ligasectl check: verdict and policy")
struct PolicyStepTests {
    private static func step(
        _ servers: [SeenServer], _ change: (inout Configuration) -> Void = { _ in }, knowsKeys: Bool = true
    ) -> CheckReport.Step {
        var configuration = Configuration()
        change(&configuration)
        return PolicyStep(
            domain: SeenServer.domain, configuration: configuration, remote: nil,
            rules: (servers.last ?? SeenServer()).rules, knowsKeys: knowsKeys
        ).step(servers.map(\.target))
    }

    /// A server, the strongest that it reaches, and what our configuration makes of it.
    private static let servers: [(server: SeenServer, CheckReport.Verdict, isAccepted: Bool, words: String)] = [
        (SeenServer(), .authenticated, true, "proved by pkix at host.b.example:5269"),
        (SeenServer(features: []), .authenticated, true, "proved by pkix"),
        (SeenServer(word: .unproven), .encrypted, false, "the issuer is unknown"),
        (SeenServer(word: .unproven, level: .encrypted), .encrypted, true, "level = \"encrypted\" takes dialback"),
        (SeenServer(word: .unproven, features: [], level: .encrypted), .none, false, "cannot be used"),
        (SeenServer(word: .refuted, level: .verified), .none, false, "no record matches"),
        (SeenServer(word: .unavailable, level: .encrypted), .none, false, "withheld"),
        (SeenServer(word: .unproven, isEncrypted: false), .verified, false, "there is no TLS"),
        (SeenServer(word: .unproven, isEncrypted: false, level: .encrypted), .verified, false, "there is no TLS"),
        (SeenServer(word: .unproven, isEncrypted: false, level: .verified), .verified, true, "takes dialback"),
        (SeenServer(isEncrypted: false, features: [], level: .verified), .none, false, "cannot be used"),
        (SeenServer(isAllowed: false), .authenticated, false, "allow = false"),
        (SeenServer(word: .refuted, isEncrypted: false, level: .verified), .verified, false, "no record matches"),
        (SeenServer(word: .unproven, isEncrypted: false, isCutOff: true, level: .verified), .none, false, "be used"),
        (SeenServer(failure: "refused"), .none, false, "cannot be used"),
        (SeenServer(refusal: "bogus"), .none, false, ""),
    ]

    @Test(arguments: servers)
    private func `PT-05 DA-21: the verdict is the server's own, and the last step goes by the daemon's rules`(
        server: SeenServer, verdict: CheckReport.Verdict, isAccepted: Bool, words: String
    ) {
        #expect(server.target.verdict == verdict)
        let step = Self.step([server])
        #expect(step.name == "policy" && step.result == (isAccepted ? .ok : .failed), "\(step.detail)")
        #expect(step.detail.contains(words), "\(step.detail)")
        #expect((step.fix == nil) == isAccepted)
    }

    @Test func `one server that is accepted is enough, and each reason is told once`() {
        let unproven = SeenServer().with { $0.word = .unproven }
        #expect(Self.step([unproven, SeenServer()]).result == .ok)
        let refusal = Self.step([unproven, unproven]).detail
        #expect(refusal.ranges(of: "the issuer is unknown").count == 1, "\(refusal)")
        #expect(Self.step([]).detail.contains("no server could be asked"))
    }

    @Test func `the TLS version and keys that cannot be read count`() {
        let old = SeenServer().with { $0.version = .tls12 }
        #expect(Self.step([old]).result == .ok)
        let step = Self.step([old]) { $0.tls.minimumVersion = .tls13 }
        #expect(step.result == .failed && step.detail.contains("minimum_version is 1.3"))
        #expect(Self.step([SeenServer()], { $0.tls.minimumVersion = .tls13 }).result == .ok)
        #expect(Self.step([SeenServer()], knowsKeys: false).result == .ok)
    }

    @Test func `DA-08: a server without TLS is none where TLSA records are published`() throws {
        let bare = SeenServer().with {
            $0.isEncrypted = false
            $0.word = .unproven
            $0.level = .verified
        }
        let record = TLSARecord(usage: 3, selector: 1, matching: 1, data: [1])
        let published = bare.with {
            $0.tlsa = TLSAAnswer(.records([record]), base: "host.b.example", port: 5269)
        }
        #expect(published.target.verdict == .none && Self.step([published]).result == .failed)
        #expect(bare.target.verdict == .verified)
    }

    /// Two addresses of one host, and whether they are told together.
    private static let pairs: [(SeenServer, isAlike: Bool)] = [
        (SeenServer(), true), (SeenServer(features: []), false),
        (SeenServer(tried: SeenServer.tried(.accepted)), false),
    ]

    @Test(arguments: pairs)
    private func `addresses that behave alike are told together, dialback included`(
        server: SeenServer, isAlike: Bool
    ) throws {
        let targets = [SeenServer().target, server.target]
        let steps = CheckNarration(
            domain: SeenServer.domain, service: .server, sender: nil, trustStore: try TrustStore(authorities: []),
            moment: 1_767_225_600,
            targets: targets
        ).steps
        #expect(steps.count { $0.name.hasPrefix("connection ") } == (isAlike ? 1 : 2), "\(steps)")
    }
}
