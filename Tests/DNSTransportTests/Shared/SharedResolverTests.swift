import DNSMessages
import EventLoops
import NameResolution
import Synchronization
import Testing
import TransportSecurity

@testable import DNSTransport

@Suite("One resolver for all loops", .timeLimit(.minutes(1)))
struct SharedResolverTests {
    private static let patience = LookupLimits(tryTimeout: .seconds(10), rounds: 2, overall: .seconds(30))

    private static func settings(
        _ endpoints: [NameServerEndpoint], bootstrap: NameServers = NameServers(addresses: []),
        lookup: LookupLimits = patience
    ) -> ResolverSettings {
        ResolverSettings(
            endpoints: endpoints,
            zones: [ResolutionZone(name: .root, servers: Array(endpoints.indices), validation: .server)],
            limits: ResolverLimits(lookup: lookup), bootstrapServers: bootstrap)
    }

    private static func resolver(
        _ settings: ResolverSettings, reported: (@Sendable (ResolverReport, ResolutionPlan) -> Void)? = nil
    ) throws -> SharedResolver {
        try SharedResolver(settings, wallClock: { ServerCertificates.now }, reported: reported)
    }

    private static func secure(
        _ server: ScriptedServer, profile: UpstreamServer.Profile = .strict
    ) throws -> NameServerEndpoint {
        try .tls(server.address, profile: profile, authentication: ServerCertificates.demands())
    }

    private static func genuine() throws -> ScriptedServer {
        try ScriptedServer(ServerCertificates.genuine.get().identity())
    }

    private static func impostor() throws -> ScriptedServer {
        try ScriptedServer(ServerCertificates.untrusted.get().identity())
    }

    @Test func `all loops share the questions under way, the cache and the connection`() async throws {
        let server = try Self.genuine()
        let shared = try Self.resolver(Self.settings([Self.secure(server)]))
        let askers = try [SharedAsker(shared), SharedAsker(shared), SharedAsker(shared)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<90 {
                group.addTask {
                    let (answer, isOnLoop) = try await askers[number % 3].resolve("n\(number / 9).example")
                    #expect(answer.records.count == 1 && isOnLoop)
                    #expect(answer.source?.transport == .tls && answer.source?.isAuthenticated == true)
                }
            }
            try await group.waitForAll()
        }
        #expect(server.messages.count == 10 && server.log.count == 1)
    }

    @Test func `a shutdown tells who waits, and who asks later`() async throws {
        let server = try ScriptedServer(ServerCertificates.genuine.get().identity()) { _, _ in [] }
        let shared = try Self.resolver(Self.settings([Self.secure(server)]))
        let asker = try SharedAsker(shared)
        async let waiting = asker.resolve("a.example")
        while server.messages.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        shared.shutDown()
        #expect(try await waiting.answer.content == .failed(.cancelled))
        #expect(try await asker.resolve("b.example").answer.content == .failed(.cancelled))
        #expect(server.messages.count == 1)
    }

    @Test func `other settings keep the connections of servers that stay`() async throws {
        let (first, second) = (try Self.genuine(), try Self.genuine())
        let shared = try Self.resolver(Self.settings([Self.secure(first)]))
        let asker = try SharedAsker(shared)
        #expect(try await asker.resolve("a.example").answer.records.count == 1)
        shared.replace(Self.settings([try Self.secure(second), try Self.secure(first)]))
        shared.replace(Self.settings([try Self.secure(first)]))
        #expect(try await asker.resolve("b.example").answer.records.count == 1)
        #expect(first.log.count == 1 && first.messages.count == 2)
        shared.replace(Self.settings([try Self.secure(second)]))
        #expect(try await asker.resolve("c.example").answer.records.count == 1)
        #expect(second.messages.count == 1)
        while first.log.first?.hasEnded != true { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func `DP-01, DP-02: strict fails closed, and not one octet is sent in clear`() async throws {
        let server = try Self.impostor()
        let clear = try ScriptedDatagrams { _, query in [ScriptedServer.answer(to: query)] }
        let shared = try Self.resolver(
            Self.settings([Self.secure(server)], bootstrap: NameServers(addresses: [clear.address])))
        let (answer, _) = try await SharedAsker(shared).resolve("a.example")
        guard case .failed(.notAuthenticated) = answer.content else {
            Issue.record("\(answer.content)")
            return
        }
        #expect(server.messages.isEmpty && clear.queries.isEmpty)
        #expect(server.log.allSatisfy { $0.wire.first == 0x16 })
    }

    @Test func `DP-03: opportunistic prefers a server that proves itself, and warns of one that does not`() async throws
    {
        let reports = Mutex<[ResolverReport]>([])
        let (impostor, genuine) = (try Self.impostor(), try Self.genuine())
        let shared = try Self.resolver(
            Self.settings([
                Self.secure(impostor, profile: .opportunistic), Self.secure(genuine, profile: .opportunistic),
            ])
        ) { report, _ in reports.withLock { $0.append(report) } }
        let (answer, _) = try await SharedAsker(shared).resolve("a.example")
        #expect(answer.records.count == 1 && answer.source?.isAuthenticated == true)
        #expect(impostor.messages.isEmpty && genuine.messages.count == 1)
        let warnings = reports.withLock { $0 }
        #expect(
            warnings.contains { report in
                guard case .authenticationFailed(server: 0, _) = report else { return false }
                return true
            })
    }

    @Test func `DP-03, DS-14: with nobody else an unproven server is asked encrypted, and its AD is worth nothing`()
        async throws
    {
        let impostor = try Self.impostor()
        let shared = try Self.resolver(Self.settings([Self.secure(impostor, profile: .opportunistic)]))
        let (answer, _) = try await SharedAsker(shared).resolve("a.example")
        #expect(answer.records.count == 1 && answer.source?.isAuthenticated == false)
        #expect(answer.security == .insecure)
        let genuine = try Self.genuine()
        let trusted = try Self.resolver(Self.settings([Self.secure(genuine)]))
        #expect(try await SharedAsker(trusted).resolve("a.example").answer.security == .secure)
    }

    @Test func `DT-04: a server that refuses is not tried each time`() async throws {
        let refusing = try ScriptedServer(greeting: [0x15, 3, 3, 0, 2, 2, 40])
        let genuine = try Self.genuine()
        let shared = try Self.resolver(Self.settings([Self.secure(refusing), Self.secure(genuine)]))
        let asker = try SharedAsker(shared)
        for number in 0..<20 { #expect(try await asker.resolve("n\(number).example").answer.records.count == 1) }
        #expect(refusing.log.count < 10 && genuine.messages.count == 20)
    }

    @Test func `servers say how they fare`() async throws {
        let server = try Self.genuine()
        let shared = try Self.resolver(Self.settings([Self.secure(server)]))
        _ = try await SharedAsker(shared).resolve("a.example")
        func told() async -> ([ServerState], ResolutionPlan) {
            await withCheckedContinuation { continuation in
                shared.serverStates { states, plan, _ in continuation.resume(returning: (states, plan)) }
            }
        }
        var (states, plan) = await told()
        #expect(states.map(\.isAuthenticated) == [true] && states.map(\.answers) == [1])
        #expect(plan.zones.map(\.servers) == [[0]])
        // With the plan as it is after a change.
        var settings = try Self.settings([Self.secure(server)])
        settings.plan.zones.append(ResolutionZone(name: try DNSName("corp.example"), servers: [0], validation: .off))
        shared.replace(settings)
        (states, plan) = await told()
        #expect(plan == settings.plan && states.map(\.answers) == [1])
    }

    @Test func `other limits count from the next lookup on`() async throws {
        let silent = try ScriptedServer { _, _ in [] }
        var settings = try Self.settings([Self.secure(silent)])
        settings.limits.lookup = LookupLimits(tryTimeout: .seconds(3000), overall: .seconds(3000))
        let shared = try Self.resolver(settings)
        settings.limits.lookup = LookupLimits(tryTimeout: .milliseconds(50), rounds: 1, overall: .milliseconds(100))
        shared.replace(settings)
        #expect(try await SharedAsker(shared).resolve("a.example").answer.failure == .timedOut)
    }
}
