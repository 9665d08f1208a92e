import DNSMessages
import NameResolution
import Testing

@Suite("Whom to ask, and what it has to prove")
struct PrivacyProfileTests {
    private typealias Make = TestRecords

    private static let strict = UpstreamServer(name: "s", channel: .tls, profile: .strict, isLoopback: false)
    private static let otherStrict = UpstreamServer(name: "h", channel: .https, profile: .strict, isLoopback: false)
    private static let opportunistic = UpstreamServer(
        name: "o", channel: .tls, profile: .opportunistic, isLoopback: false)
    private static let otherOpportunistic = UpstreamServer(
        name: "p", channel: .https, profile: .opportunistic, isLoopback: false)
    private static let open = UpstreamServer(name: "c", channel: .cleartext, isLoopback: false)
    private static let local = UpstreamServer(name: "l", channel: .cleartext, isLoopback: true)

    private static let forged = AttemptOutcome.failed(.notAuthenticated("no name matches"))

    /// `server+` where it has to prove who it is.
    private static func trace(_ bench: ResolverBench) -> String {
        bench.asked.map { attempt in
            bench.resolver.plan.servers[attempt.server].name + (attempt.requiresAuthentication ? "+" : "")
        }.joined(separator: " ")
    }

    private static func question(_ number: Int = 0) throws -> DNSQuestion {
        try Make.question("n\(number).example", .a)
    }

    private static func answer(_ attempt: Attempt, isAuthenticated: Bool) throws -> AttemptOutcome {
        let record = try Make.address(attempt.question.name.description, "192.0.2.1")
        return .received(Make.response(to: attempt.question, answers: [record]), isAuthenticated: isAuthenticated)
    }

    @Test(
        arguments: [
            ([strict], "s+"), ([strict, otherStrict], "s+ h+"),
            // What is weaker is not asked after a strict server, wherever it stands.
            ([strict, open], "s+"), ([strict, opportunistic, otherStrict], "s+ h+"), ([strict, local], "s+ l"),
            ([open, strict], "c s+"), ([local, strict], "l s+"),
            ([opportunistic, otherOpportunistic], "o+ p+ o p"), ([open, opportunistic], "o+ o c"),
            ([opportunistic, strict], "o+ o s+"), ([local, opportunistic, open], "l o+ o c"),
        ] as [([UpstreamServer], String)])
    func `DP-01, DP-02, DP-03: failing one after the other, servers are asked in this order and no other`(
        servers: [UpstreamServer], order: String
    ) throws {
        var bench = ResolverBench(plan: Make.plan(servers))
        let answer = try bench.resolve(Self.question()) { attempt in
            servers[attempt.server].channel == .cleartext ? .failed(.unreachable("no route")) : Self.forged
        }
        #expect(Self.trace(bench) == order)
        #expect(answer?.failure != nil && answer?.records.isEmpty == true)
        // Whoever was asked last is whom to look at (EN-12).
        let last = order.split(separator: " ").last.map { String($0.prefix(1)) } ?? ""
        #expect(answer?.source?.server == last)
        #expect(answer?.failure?.description.contains(": \(last): ") == true)
    }

    @Test func `DP-02: in all rounds of a query strict stays strict`() throws {
        let limits = ResolverLimits(lookup: LookupLimits(overall: .seconds(60), queries: 60))
        var bench = ResolverBench(plan: Make.plan([Self.open, Self.strict, Self.otherStrict]), limits: limits)
        let answer = try bench.resolve(Self.question()) { _ in .timedOut }
        #expect(Self.trace(bench) == "c s+ h+ s+ h+ s+ h+")
        #expect(answer?.content == .failed(.timedOut))
    }

    @Test func `DP-01, EN-02: a strict server that is blocked or forged means no resolution`() throws {
        for outcome in [Self.forged, .timedOut, .failed(.unreachable("refused")), .failed(.encryptionFailed("alert"))] {
            var bench = ResolverBench(plan: Make.plan([Self.strict, Self.open]))
            let answer = try bench.resolve(Self.question()) { _ in outcome }
            #expect(answer?.failure != nil)
            #expect(bench.asked.allSatisfy { $0.server == 0 && $0.requiresAuthentication && $0.transport == .tls })
        }
    }

    @Test(arguments: [
        AttemptOutcome.timedOut, .failed(.unreachable("refused")), .failed(.encryptionFailed("alert")),
    ])
    func `EN-02: an opportunistic server that is blocked gives way to the next, and the operator is told`(
        outcome: AttemptOutcome
    ) throws {
        var bench = ResolverBench(plan: Make.plan([Self.opportunistic, Self.otherOpportunistic]))
        for number in 0..<5 {
            let answer = try bench.resolve(Self.question(number)) { attempt in
                attempt.server == 0 ? outcome : try Self.answer(attempt, isAuthenticated: true)
            }
            #expect(answer?.source == AnswerSource(server: "p", transport: .https, isAuthenticated: true))
        }
        // It was not asked without proof, for nothing was wrong with that.
        #expect(bench.asked.allSatisfy { $0.requiresAuthentication })
        let told = bench.reports.map { report in
            if case .postponed(server: 0, _, _) = report { true } else { false }
        }
        #expect(told == [true])
    }

    @Test func `DP-01: an answer that nobody vouches for is not used under strict, whatever brought it`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.strict]))
        let answer = try bench.resolve(Self.question()) { try Self.answer($0, isAuthenticated: false) }
        guard case .failed(.notAuthenticated) = answer?.content else {
            Issue.record("\(String(describing: answer))")
            return
        }
    }

    @Test func `DP-03: with a bad certificate the other server is preferred, and the operator told`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.opportunistic, Self.otherOpportunistic]))
        let answer = try bench.resolve(Self.question()) { attempt in
            attempt.server == 0 ? Self.forged : try Self.answer(attempt, isAuthenticated: true)
        }
        #expect(answer?.source == AnswerSource(server: "p", transport: .https, isAuthenticated: true))
        #expect(Self.trace(bench) == "o+ p+")
        #expect(bench.reports == [.authenticationFailed(server: 0, reason: "no name matches")])
        // For a while it is not even tried first.
        _ = try bench.resolve(Self.question(1)) { try Self.answer($0, isAuthenticated: true) }
        #expect(Self.trace(bench) == "o+ p+ p+")
    }

    @Test func `DP-03: a bad certificate alone is used encrypted, with a warning, and tried again later`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.opportunistic], validation: .server))
        let script: (Attempt) throws -> AttemptOutcome = { attempt in
            attempt.requiresAuthentication ? Self.forged : try Self.answer(attempt, isAuthenticated: false)
        }
        #expect(try bench.resolve(Self.question(), by: script)?.security == .insecure)
        #expect(try bench.resolve(Self.question(1), by: script)?.records.count == 1)
        #expect(Self.trace(bench) == "o+ o o")
        #expect(
            bench.reports == [
                .authenticationFailed(server: 0, reason: "no name matches"), .unauthenticated(server: 0),
            ])
        #expect(bench.resolver.serverStates.first?.isAuthenticated == false)
        bench.now = .seconds(301)
        #expect(try bench.resolve(Self.question(2), by: script)?.records.count == 1)
        #expect(Self.trace(bench) == "o+ o o o+ o")
    }

    @Test(arguments: [
        (opportunistic, 3600),
        (UpstreamServer(name: "i", channel: .tls, profile: .opportunistic, isLoopback: false, isPinned: true), 600),
    ])
    func `DT-04, EN-02: a server that fails again and again is asked after the others for a while`(
        server: UpstreamServer, seconds: Int
    ) throws {
        var bench = ResolverBench(plan: Make.plan([server, Self.otherOpportunistic]))
        let script: (Attempt) throws -> AttemptOutcome = { attempt in
            attempt.server == 0 ? .failed(.unreachable("refused")) : try Self.answer(attempt, isAuthenticated: true)
        }
        for number in 0..<10 {
            bench.now += .seconds(1)
            _ = try bench.resolve(Self.question(number), by: script)
        }
        #expect(bench.asked.filter { $0.server == 0 }.count == 3)
        #expect(
            bench.reports == [.postponed(server: 0, reason: "not reachable: refused", for: .seconds(seconds))])
        #expect(bench.resolver.serverStates[0].postponedUntil == .seconds(3 + seconds))
        #expect(bench.resolver.serverStates[0].failures == 3 && bench.resolver.serverStates[1].answers == 10)
        // If the others fail it is asked all the same.
        _ = try bench.resolve(Self.question(10)) { _ in .failed(.unreachable("refused")) }
        #expect(bench.asked.suffix(2).map(\.server) == [1, 0])
        bench.now = .seconds(3 + seconds)
        _ = try bench.resolve(Self.question(11)) { try Self.answer($0, isAuthenticated: true) }
        #expect(bench.asked.last?.server == 0)
        #expect(bench.reports.last == .recovered(server: 0))
        #expect(bench.resolver.serverStates[0].lastOutcome == .answered)
    }

    @Test func `DT-04: a server that is silent is put behind for a minute, then for longer each time`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.strict, Self.otherStrict]))
        let script: (Attempt) throws -> AttemptOutcome = { attempt in
            attempt.server == 0 ? .timedOut : try Self.answer(attempt, isAuthenticated: true)
        }
        for number in 0..<100 {
            bench.now = .seconds(10 * number)
            _ = try bench.resolve(Self.question(number), by: script)
        }
        let times = bench.reports.compactMap { report in
            if case .postponed(0, _, let time) = report { time } else { nil }
        }
        #expect(times == [60, 120, 240, 480, 960].map { .seconds($0) })
        #expect(bench.asked.filter { $0.server == 0 }.count == 7)
    }

    @Test func `DT-04: the only server is asked however often it failed`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.strict]))
        for number in 0..<10 {
            _ = try bench.resolve(Self.question(number)) { _ in .failed(.unreachable("refused")) }
        }
        #expect(bench.asked.count == 10)
    }

    @Test(
        arguments: [
            (local, false, true, SecurityStatus.secure), (local, false, false, .insecure),
            (open, false, true, .insecure),
            (strict, true, true, .secure), (strict, true, false, .insecure), (opportunistic, true, true, .secure),
            (opportunistic, false, true, .insecure),
        ] as [(UpstreamServer, Bool, Bool, SecurityStatus)])
    func `DS-14: AD is believed from a loopback or an authenticated server only`(
        server: UpstreamServer, isAuthenticated: Bool, saysValidated: Bool, security: SecurityStatus
    ) throws {
        var bench = ResolverBench(plan: Make.plan([server], validation: .server))
        let answer = try bench.resolve(Self.question()) { attempt in
            if attempt.requiresAuthentication, !isAuthenticated { return Self.forged }
            #expect(attempt.wantsSignatures && !attempt.disablesChecking)
            let record = try Make.address("n0.example", "192.0.2.1")
            return .received(
                Make.response(to: attempt.question, isAuthenticated: saysValidated, answers: [record]),
                isAuthenticated: isAuthenticated)
        }
        #expect(answer?.security == security && answer?.report?.status == security)
    }

    @Test func `DS-14: with validation off the AD bit says nothing and is not asked for`() throws {
        var bench = ResolverBench(plan: Make.plan([Self.local]))
        let answer = try bench.resolve(Self.question()) { attempt in
            #expect(!attempt.wantsSignatures && !attempt.disablesChecking)
            return .received(
                Make.response(
                    to: attempt.question, isAuthenticated: true, answers: [try Make.address("n0.example", "192.0.2.1")])
            )
        }
        #expect(answer?.security == .insecure && answer?.report == nil)
    }
}
