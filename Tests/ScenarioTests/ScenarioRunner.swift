import DomainAssociation
import StreamFeatures
import StreamProtocol
import StreamTestSupport
import XMLStreaming
import XMPPModel

/// Plays the peer of a real stream through the real parser and writer, and compares what Ligase says.
struct ScenarioRunner {
    /// All that a scenario can say.
    static let phrases: Set<String> = [
        "hosted", "former", "blocked", "uncertified", "limits", "dialback", "bidirectional", "peer presents",
        "proofs take time",
        "peer connects", "peer connects directly", "peer is associated", "ligase dials", "ligase dials directly",
        "peer opens", "peer sends", "peer sends octets", "peer handshakes", "peer closes", "peer disconnects",
        "peer accepts", "ligase wants", "server confirms", "server denies", "server fails", "proofs arrive",
        "time passes", "operator closes",
        "ligase opens", "ligase offers", "ligase sends", "ligase sends whitespace", "ligase handshakes",
        "ligase closes", "ligase closes calmly", "ligase disconnects", "ligase says nothing", "ligase associates",
        "ligase fails", "ligase reports", "ligase asks", "ligase loses", "backend received",
    ]

    private var hosted: Set<DomainName> = [domain("b.example")]
    private var former: Set<DomainName> = []
    private var blocked: Set<DomainName> = []
    private var uncertified: Set<DomainName> = []
    private var limits = StreamFeatureSettings(
        limitsBeforeAuthentication: PeerLimits(), limitsAfterAuthentication: PeerLimits())
    private var level: FederationPolicy.Level?
    private var presented: [String]?
    private var delaysProofs = false
    private var pieceSize = Int.max
    private(set) var end: StreamEnd?
    var view = PeerView()

    /// Runs a scenario to its end, where nothing may be left unsaid.
    ///
    /// - Parameter size: How many octets of the peer arrive at once; it may make no difference.
    static func run(_ scenario: Scenario, piecesOf size: Int = .max) throws(ScenarioFault) {
        var runner = ScenarioRunner()
        runner.pieceSize = size
        for step in scenario.steps {
            do throws(ScenarioFault) {
                try runner.perform(step)
                if let end = runner.end { try runner.view.read(end) }
            } catch {
                throw ScenarioFault(line: step.line, error.reason)
            }
        }
        if let said = runner.view.next() {
            throw ScenarioFault(line: scenario.steps.last?.line ?? 1, "Ligase also says: \(describe(said))")
        }
    }

    private mutating func perform(_ step: Scenario.Step) throws(ScenarioFault) {
        let text = step.argument
        switch step.phrase {
        case "hosted": hosted = try domains(text)
        case "former": former = try domains(text)
        case "blocked": blocked = try domains(text)
        case "uncertified": uncertified = try domains(text)
        case "limits":
            let numbers = text.split(separator: " ").map { Int($0) }
            guard numbers.count == 2 else { throw fault("limits before and after authentication are needed") }
            limits.limitsBeforeAuthentication.maximumBytes = numbers[0]
            limits.limitsAfterAuthentication.maximumBytes = numbers[1]
        case "dialback":
            guard let level = FederationPolicy.Level(rawValue: text) else { throw fault("no such level: \(text)") }
            self.level = level
            limits.announcesDialback = true
        case "bidirectional": limits.isBidirectional = true
        case "peer presents": presented = text == "nothing" ? [] : text.split(separator: " ").map { String($0) }
        case "proofs take time": delaysProofs = true
        case "peer connects", "peer connects directly", "peer is associated", "ligase dials", "ligase dials directly",
            "peer accepts":
            try connect(step)
        case "peer opens", "peer sends", "peer sends octets", "peer handshakes", "peer closes", "peer disconnects",
            "ligase wants", "server confirms", "server denies", "server fails", "proofs arrive", "time passes",
            "operator closes":
            try act(step, on: connection())
        default: try expect(step, of: connection())
        }
    }

    // MARK: - Connecting

    private mutating func connect(_ step: Scenario.Step) throws(ScenarioFault) {
        switch step.phrase {
        case "peer connects": accept(directTLS: false)
        case "peer connects directly":
            accept(directTLS: true)
            try silently("peer handshakes", "")
        case "peer is associated":
            let (sender, target) = try addresses(step.argument)
            presented = presented ?? [sender]
            accept(directTLS: true)
            try silently("peer handshakes", "")
            try silently("peer opens", "\(sender) to \(target)")
            try silently("peer sends", "<auth xmlns='\(Namespace.sasl)' mechanism='EXTERNAL'>=</auth>")
            try silently("peer opens", "\(sender) to \(target)")
            guard try !connection().established.isEmpty else { throw fault("the association did not come about") }
        case "peer accepts":
            guard case .initiating = try connection().side else { throw fault("Ligase did not dial") }
            guard let pair = dialled else { throw fault("Ligase did not dial") }
            let header = "\(pair.target) to \(pair.sender)"
            let mechanisms = "<mechanisms xmlns='\(Namespace.sasl)'><mechanism>EXTERNAL</mechanism></mechanisms>"
            try silently("peer opens", header)
            try silently("peer sends", "<stream:features>\(mechanisms)</stream:features>")
            try silently("peer sends", "<success xmlns='\(Namespace.sasl)'/>")
            try silently("peer opens", header)
            try silently("peer sends", "<stream:features/>")
            guard try !connection().established.isEmpty else { throw fault("the association did not come about") }
        default: try dial(step.argument, directTLS: step.phrase == "ligase dials directly")
        }
    }

    var dialled: DomainPair?

    private var policy: StreamPolicy {
        StreamPolicy(
            host: { [hosted, former] in hosted.contains($0) ? .hosted : former.contains($0) ? .former : .unknown },
            isAllowed: { [blocked] in !blocked.contains($0) },
            hasCertificate: { [uncertified] in !uncertified.contains($0) },
            dialback: level.map { .test($0) })
    }

    private mutating func accept(directTLS: Bool) {
        let stream = ReceivingStream(
            policy: policy, isEncrypted: directTLS, features: AllStreamFeatures.make(limits), errorID: "error-id")
        begin(.receiving(stream), directTLS: directTLS)
    }

    private mutating func dial(_ text: String, directTLS: Bool) throws(ScenarioFault) {
        let (sender, target) = try addresses(text)
        let pair = try DomainPair(sender: domainName(sender), target: domainName(target))
        dialled = pair
        presented = presented ?? [target]
        let stream = InitiatingStream(
            pair: pair, isEncrypted: directTLS, features: AllStreamFeatures.make(limits), policy: policy)
        begin(.initiating(stream), directTLS: directTLS)
        guard directTLS else { return }
        try view.discard(connection())
        try silently("peer handshakes", "")
    }

    private mutating func begin(_ side: StreamEnd.Side, directTLS: Bool) {
        let end = StreamEnd(
            side, directTLS: directTLS, certificate: .naming(["ligase"]),
            policy: FederationPolicy(prooftypes: [ScriptedProoftype.believing]))
        end.delaysProofs = delaysProofs
        end.connect()
        self.end = end
    }

    /// Does something whose answer is of no interest here.
    private mutating func silently(_ phrase: String, _ argument: String) throws(ScenarioFault) {
        try act(Scenario.Step(line: 0, phrase: phrase, argument: argument), on: connection())
        try view.discard(connection())
    }

    // MARK: - Acting

    private mutating func act(_ step: Scenario.Step, on end: StreamEnd) throws(ScenarioFault) {
        let text = step.argument
        switch step.phrase {
        case "peer opens":
            let (from, to) = try addresses(text)
            let isAnswer = dialled != nil
            let header = StreamHeader(
                from: from == "nobody" ? nil : from, to: to == "nobody" ? nil : to, id: isAnswer ? "peer-id" : nil,
                declaresDialback: true)
            send(XMLWriter.header(header), to: end)
        case "peer sends": send(Array(text.utf8), to: end)
        case "peer sends octets": send(text.split(separator: " ").compactMap { UInt8($0, radix: 16) }, to: end)
        case "peer handshakes": end.receive(.handshake(presented.flatMap { $0.isEmpty ? nil : .naming($0) }))
        case "peer closes": send(XMLWriter.closing, to: end)
        case "peer disconnects": end.receive(.end)
        case "proofs arrive": end.decide()
        case "ligase wants":
            let (sender, target) = try addresses(text)
            end.feed(.associate(try DomainPair(sender: domainName(sender), target: domainName(target))))
        case "server confirms": end.answer { .valid(.dialled(for: $0, isProved: text != "unproved")) }
        case "server denies": end.answer { .invalid(.dialled(for: $0)) }
        case "server fails": end.answer { _ in text == "unreachable" ? .unreachable(reason: "") : .silent(reason: "") }
        case "time passes" where text == "dialback":
            for _ in 0..<StreamDeadline.dialbackParts { end.feed(.deadlinePassed(.dialback)) }
        case "time passes":
            let deadlines: [String: StreamDeadline] = [
                "negotiation": .negotiation, "closing": .closing, "idle": .idle, "keepalive": .keepalive,
            ]
            guard let deadline = deadlines[text] else { throw fault("no such deadline: \(text)") }
            end.feed(.deadlinePassed(deadline))
        default: end.feed(.closeRequested(StreamError.Condition(rawValue: text).map { StreamError($0) }))
        }
    }

    private func send(_ octets: [UInt8], to end: StreamEnd) {
        end.receive(.octets(octets, encrypted: end.protection == .encrypted), piecesOf: pieceSize)
    }
}
