internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Looks at many addresses, some at the same time, within a time for all; on one loop.
final class ProbeRun {
    /// One address to be looked at.
    struct Target: Sendable {
        var address: SocketAddress
        var directTLS: Bool
        /// What is tried there besides.
        var trial: Trial?
    }

    /// Dialback, with one address.
    struct Trial: Sendable {
        var dialback: DialbackTrial
        /// Why a server that presents these certificates gets no key; nil where it may have one.
        var objection: @Sendable ([PeerCertificate]) -> String?
    }

    private let targets: [Target]
    private let settings: EndpointProbe.Settings
    private let context: TLSContext
    private let loop: EventLoop
    private let completion: ([EndpointProbe.Outcome]) -> Void
    private var next = 0
    private var running: [Int: EndpointProbe] = [:]
    private var outcomes: [Int: EndpointProbe.Outcome] = [:]
    private var limit: LoopTimer?

    /// Addresses looked at together: one that is silent holds nobody up, and nobody is flooded.
    private static let width = 6

    /// - Parameter completion: Called once on the loop with an outcome for each target, in their order.
    init(
        _ targets: [Target], _ settings: EndpointProbe.Settings, context: TLSContext, on loop: EventLoop,
        completion: @escaping ([EndpointProbe.Outcome]) -> Void
    ) {
        self.targets = targets
        self.settings = settings
        self.context = context
        self.loop = loop
        self.completion = completion
    }

    /// Begins; what is not known after `time` is given up.
    func start(within time: Duration) {
        limit = loop.schedule(after: time) { self.timeIsOver() }
        advance()
    }

    private func advance() {
        guard outcomes.count < targets.count else { return finish() }
        while running.count < Self.width, next < targets.count {
            let index = next
            next += 1
            var settings = settings
            if let trial = targets[index].trial {
                settings.trial = trial.dialback
                settings.objection = trial.objection
            }
            let probe = EndpointProbe(settings, directTLS: targets[index].directTLS, context: context, on: loop) {
                [weak self] in self?.took(index, $0)
            }
            running[index] = probe
            probe.start(at: targets[index].address)
        }
    }

    private func took(_ index: Int, _ outcome: EndpointProbe.Outcome) {
        running[index] = nil
        outcomes[index] = outcome
        advance()
    }

    private func timeIsOver() {
        let reason = "the check took too long, and was ended"
        while next < targets.count {
            outcomes[next] = EndpointProbe.Outcome(failure: reason)
            next += 1
        }
        for probe in running.values { probe.abandon(because: reason) }
        if targets.isEmpty { finish() }
    }

    private func finish() {
        guard let limit else { return }
        self.limit = nil
        limit.cancel()
        completion(targets.indices.map { outcomes[$0] ?? EndpointProbe.Outcome(failure: "not tried") })
    }
}
