import DNSTransport
import DomainAssociation
import EventLoops
import HTTPExchange
import HTTPTestSupport
import Prooftypes
import Synchronization
import TransportSecurity
import XMPPModel

@testable import POSHTransport

/// The shared client with a web server for `b.example`, `hosting.example` and `other.example`, asked from outside.
final class Stage: Sendable {
    let server: ScriptedHTTPSServer
    let names: StubNames
    let client: SharedPOSHClient
    private let clock: Mutex<Int64>
    private let reported = Mutex<[POSHReport]>([])
    private let askers: [LoopReference<any PublishedKeysSource>]

    static let moment: Int64 = 1_800_000_000
    static let path = "/.well-known/posh/xmpp-server.json"
    static let draftPath = "/.well-known/posh._xmpp-server._tcp.json"

    /// - Parameters:
    ///   - rules: Changes what holds: the authority of the tests, `b.example` at the server, private addresses allowed.
    init(
        loops count: Int = 1, timeLimit: Duration? = nil, identity: IssuedCertificate? = nil,
        rules change: @escaping @Sendable (inout RetrievalRules) -> Void = { _ in },
        script: @escaping ScriptedHTTPSServer.Script
    ) throws {
        let usual = try WebCertificates.issue(
            "b.example", ["b.example", "hosting.example", "other.example"].map { .dns($0) })
        server = try ScriptedHTTPSServer(identity: (identity ?? usual).identity(), script: script)
        names = StubNames(["hosting.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]])
        clock = Mutex(Self.moment)
        var settings = try Self.settings(at: server.address, change)
        if let timeLimit { settings.timeLimit = timeLimit }
        let names = names
        let later = LateClock()
        client = try SharedPOSHClient(
            settings, resolver: { names.resolver(on: $0) }, wallClock: { later.now() },
            reported: { later.report($0) })
        let loops = try (0..<count).map { try EventLoop(name: "asker \($0)") }
        let client = client
        askers = loops.map { loop in loop.run { LoopReference(client.source(on: loop), on: loop) } }
        later.stage.withLock { $0 = WeakStage(stage: self) }
    }

    deinit { for asker in askers { asker.loop.stop() } }

    static func settings(
        at address: SocketAddress, _ change: @escaping @Sendable (inout RetrievalRules) -> Void = { _ in }
    ) throws -> RetrievalSettings {
        let root = try WebCertificates.rootPEM()
        return RetrievalSettings { domain in
            var rules = RetrievalRules(
                authorities: .pem(root), server: domain.description == "b.example" ? address : nil,
                addressGuard: POSHAddressGuard(allowsPrivateAddresses: true))
            change(&rules)
            return rules
        }
    }

    /// What came of each retrieval.
    var reports: [POSHReport] { reported.withLock { $0 } }
    /// What the web server was asked for.
    var targets: [String] { server.requests.map(\.target) }

    func advance(by seconds: Int64) { clock.withLock { $0 += seconds } }

    /// Asks on one of the loops.
    func retrieve(
        _ domain: String = "b.example", for service: ClaimedService = .server, on index: Int = 0
    ) async throws -> PublishedKeys {
        let name = try DomainName(domain)
        let asker = askers[index]
        return await withCheckedContinuation { continuation in
            asker.post { $0.publishedKeys(of: name, for: service) { continuation.resume(returning: $0) } }
        }
    }

    /// Has many wait on the first loop.
    func crowd(with count: Int) {
        askers[0].run { source in
            guard let name = try? DomainName("b.example") else { return }
            for _ in 0..<count { source.publishedKeys(of: name, for: .server) { _ in } }
        }
    }

    // MARK: - Replies

    static func document(_ expires: Int64 = 3600, seed: Character = "A") -> ScriptedReply {
        let digest = String(repeating: seed, count: 42) + "A="
        return ScriptedReply(
            body: Array(#"{"fingerprints":[{"sha-256":"\#(digest)"}],"expires":\#(expires)}"#.utf8))
    }

    static func reference(to url: String, expires: Int64 = 3600) -> ScriptedReply {
        ScriptedReply(body: Array(#"{"url":"\#(url)","expires":\#(expires)}"#.utf8))
    }

    static func redirect(to location: String, status: Int = 302) -> ScriptedReply {
        ScriptedReply(status, fields: [("Location", location)])
    }

    /// A URL on the server under another name.
    func url(_ target: String, host: String = "hosting.example") -> String {
        "https://\(host):\(server.address.port)\(target)"
    }

    // MARK: - The clock and the ear, which the client has before the stage is there

    private struct WeakStage: Sendable {
        weak var stage: Stage?
    }

    private final class LateClock: Sendable {
        let stage = Mutex(WeakStage(stage: nil))

        func now() -> Int64 {
            guard let stage = stage.withLock({ $0.stage }) else { return Stage.moment }
            return stage.clock.withLock { $0 }
        }

        func report(_ report: POSHReport) {
            stage.withLock { $0.stage }?.reported.withLock { $0.append(report) }
        }
    }
}

extension PublishedKeys {
    /// The kind of content, and why where there are no keys.
    var outcome: String {
        switch content {
        case .material: "material"
        case .none(let reason): "none: \(reason)"
        case .unanswered(let reason): "unanswered: \(reason)"
        case .invalid(let reason): "invalid: \(reason)"
        case .refused(let reason): "refused: \(reason)"
        }
    }
}
