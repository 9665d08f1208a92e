internal import Administration
internal import Assembly
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import StreamProtocol
internal import Synchronization
internal import XMPPModel

/// One demonstration from its beginning to its end: sets the stage, plays the scenes, tells what happens, and leaves
/// nothing behind.
public struct DemonstrationRun: Sendable {
    /// How to run.
    public struct Options: Sendable {
        /// Leave everything running after the last scene, until it is interrupted.
        public var keepsRunning = false
        /// One JSON document in place of the account.
        public var asJSON = false
        /// Escape sequences for colours in the account.
        public var isColoured = false
        /// End in order at SIGINT, SIGTERM and SIGHUP, which are then nobody else's.
        public var takesSignals = false
        /// How the program was called, for the examples that `keepsRunning` prints.
        public var program = "ligasectl"
        /// Where to make the temporary folder, an absolute path; nil for `TMPDIR`, or `/tmp`.
        public var temporaryFolder: String?
        /// Seconds after which a scene has failed.
        public var patience = 10

        /// Prints an account without colours and ends by itself.
        public init() {}
    }

    /// How a demonstration ended.
    public enum End: Sendable {
        /// Every scene was played.
        case finished(DemonstrationResult)
        /// A signal came before that.
        case interrupted
    }

    private enum Signal: Sendable {
        case incident(Incident)
        case patienceIsOver(scene: Int)
        case interrupted
    }

    private let programme: Programme
    private let options: Options
    private let write: @Sendable (String) -> Void
    private let account: Account?

    /// Makes a run.
    ///
    /// - Parameter write: Takes text for standard output, line by line.
    public init(
        _ programme: Programme = .standard, options: Options = Options(), write: @escaping @Sendable (String) -> Void
    ) {
        self.programme = programme
        self.options = options
        self.write = write
        account =
            options.asJSON
            ? nil
            : Account(programme, typesetter: Typesetter(isColoured: options.isColoured), write: write)
    }

    /// Runs it.
    ///
    /// - Throws: ``StageFailure`` when the stage could not be set; nothing is left then.
    public func perform() async throws -> End {
        // Whoever reads the account may leave; what was set up has to be cleared away all the same.
        ProcessSignal.ignoreBrokenPipe()
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        let sources = try options.takesSignals ? SignalTaking { continuation.yield(.interrupted) } : nil
        defer { sources?.end() }
        let start = ContinuousClock.now
        // What daemons look up while they are set up belongs to no scene.
        let isSet = Atomic(false)
        let stage = try await Stage.set(programme.players, in: StageFolder(in: options.temporaryFolder)) {
            player, event in
            guard isSet.load(ordering: .relaxed) else { return }
            continuation.yield(
                .incident(Incident(moment: start.duration(to: .now), player: player, event: event)))
        }
        isSet.store(true, ordering: .relaxed)
        var iterator = signals.makeAsyncIterator()
        let end = await play(on: stage, since: start, &iterator, continuation)
        await stage.clear()
        return end
    }

    private func play(
        on stage: Stage, since start: ContinuousClock.Instant, _ signals: inout AsyncStream<Signal>.Iterator,
        _ continuation: AsyncStream<Signal>.Continuation
    ) async -> End {
        account?.stageIsSet(stage, version: Daemon.version)
        var scenes: [DemonstrationResult.Scene] = []
        for (index, scene) in programme.scenes.enumerated() {
            account?.sceneBegins(scene, number: index + 1)
            stage.send(scene)
            let patience = Task { [limit = options.patience] in
                try await Task.sleep(for: .seconds(limit))
                continuation.yield(.patienceIsOver(scene: index))
            }
            let result = await follow(scene, index, &signals)
            patience.cancel()
            guard let result else {
                account?.interrupted()
                return .interrupted
            }
            account?.sceneEnded(result)
            scenes.append(result)
        }
        let result = await self.result(of: scenes, on: stage, after: start.duration(to: .now))
        account?.associations(result.associations)
        account?.verdict(result)
        if options.asJSON { write(result.document) }
        if options.keepsRunning {
            account?.keepsRunning(stage, program: options.program)
            await wait(&signals)
        }
        return .finished(result)
    }

    /// Tells what happens until the scene is decided; nil when it was interrupted.
    private func follow(
        _ scene: Scene, _ index: Int, _ signals: inout AsyncStream<Signal>.Iterator
    ) async -> DemonstrationResult.Scene? {
        var result = DemonstrationResult.Scene(
            name: scene.name, title: scene.title, succeeded: false,
            milestones: scene.milestones.map { DemonstrationResult.Milestone(text: $0.text, reached: false) },
            violations: [], connections: 0, pairs: 0, events: [])
        while !result.milestones.allSatisfy(\.reached), let signal = await signals.next() {
            switch signal {
            case .interrupted: return nil
            case .patienceIsOver(let scene): if scene == index { return result }
            case .incident(let incident):
                if let event = Self.event(incident), !result.repeats(event) {
                    account?.happened(incident)
                    result.events.append(event)
                }
                for (number, milestone) in scene.milestones.enumerated() where milestone.isReached(by: incident) {
                    result.milestones[number].reached = true
                }
                result.count(incident.event)
                result.violations += scene.forbidden.filter { $0.isReached(by: incident) }.map(\.text)
            }
        }
        result.succeeded = result.milestones.allSatisfy(\.reached) && result.violations.isEmpty
        return result
    }

    private static func event(_ incident: Incident) -> DemonstrationResult.Event? {
        Narrator.entry(for: incident).map { entry in
            DemonstrationResult.Event(
                seconds: seconds(incident.moment), player: incident.player, kind: entry.kind.rawValue,
                text: entry.wholeText)
        }
    }

    /// Tells what happens until the interruption.
    private func wait(_ signals: inout AsyncStream<Signal>.Iterator) async {
        while let signal = await signals.next() {
            switch signal {
            case .interrupted: return
            case .incident(let incident): account?.happened(incident)
            case .patienceIsOver: continue
            }
        }
    }

    private func result(
        of scenes: [DemonstrationResult.Scene], on stage: Stage, after duration: Duration
    ) async -> DemonstrationResult {
        var associations: [DemonstrationResult.Association] = []
        for presence in stage.presences {
            let service = presence.daemon.service
            let bidirectional = Set(await service.streams().filter { $0.bidirectional }.map { $0.id })
            let summaries = await service.associations(with: nil)
                .sorted { ($0.stream?.number ?? 0) < ($1.stream?.number ?? 0) }
            associations += DemonstrationResult.Association.list(
                summaries, of: presence.player.name, bidirectional: bidirectional)
        }
        return DemonstrationResult(
            succeeded: scenes.allSatisfy(\.succeeded), seconds: Self.seconds(duration),
            players: stage.presences.map { presence in
                DemonstrationResult.Player(
                    name: presence.player.name, domain: presence.player.domain, listening: presence.listening,
                    control: presence.controlSocket)
            }, scenes: scenes, associations: associations)
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000
    }
}

extension DemonstrationResult.Association {
    /// What is associated at a player; two directions on one stream are one entry.
    fileprivate static func list(
        _ summaries: [AssociationSummary], of player: String, bidirectional: Set<StreamID>
    ) -> [Self] {
        var list: [Self] = []
        for summary in summaries {
            let isThere = list.contains {
                $0.summary.stream == summary.stream && $0.summary.local == summary.local
                    && $0.summary.remote == summary.remote
            }
            guard !isThere else { continue }
            let isBothDirections = summary.stream.map(bidirectional.contains) ?? false
            list.append(Self(player: player, summary: summary, isBothDirections: isBothDirections))
        }
        return list
    }
}

extension DemonstrationResult.Scene {
    /// Whether the event tells again what was found of a stream: proofs are made for each step that needs one.
    fileprivate func repeats(_ event: DemonstrationResult.Event) -> Bool {
        event.kind == AccountEntry.Kind.proof.rawValue
            && events.contains { $0.player == event.player && $0.kind == event.kind && $0.text == event.text }
    }

    /// Each connection and each pair has two ends; what happened is counted at one of them.
    fileprivate mutating func count(_ event: Incident.Event) {
        switch event {
        case .federation(.connected(_, .initiating, _, _)): connections += 1
        case .federation(.established(_, let association)) where association.isIncoming: pairs += 1
        case .federation, .lookup, .visit: break
        }
    }
}
