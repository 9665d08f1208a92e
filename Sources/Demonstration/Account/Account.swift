internal import Administration
internal import XMPPModel

/// Writes the account of a demonstration, line by line as things happen.
struct Account: Sendable {
    private let typesetter: Typesetter
    private let write: @Sendable (String) -> Void
    private let names: [String]

    private static let kindWidth = 11
    private static let momentWidth = 9
    /// Room for the name of a finding.
    private static let findingWidth = 22

    init(_ programme: Programme, typesetter: Typesetter, write: @escaping @Sendable (String) -> Void) {
        self.typesetter = typesetter
        self.write = write
        names = programme.players.map(\.name)
    }

    private var nameWidth: Int { names.map(\.count).max() ?? 0 }

    // MARK: - The stage

    func stageIsSet(_ stage: Stage, version: String) {
        write(typesetter.styled("Ligase \(version)", .strong) + "\n")
        write(
            typesetter.paragraph(
                """
                \(stage.presences.count) complete daemons in this process, on loopback only, each with a name server \
                of its own and a certificate of a private authority. The zones are signed. Behind each domain stands an echo service.
                """, indent: 0) + "\n")
        for (index, presence) in stage.presences.enumerated() {
            let player = presence.player
            let entrance =
                switch player.entrance {
                case .startTLS: "STARTTLS at \(presence.listening ?? "")"
                case .directTLS: "direct TLS at \(presence.listening ?? "")"
                case .interception: "forged records: \(presence.listening ?? "")"
                case .diversion: "diverted to \(presence.listening ?? "")"
                case .none: "only dials"
                }
            let issuer =
                switch player.issuer {
                case .trusted: "the trusted authority"
                case .stranger: "another authority"
                case .itself: "nobody but itself"
                }
            write(
                "  " + name(player.name, index) + "  " + Typesetter.padded(player.domain, to: 18)
                    + Typesetter.padded(entrance, to: 32) + "certified by \(issuer)\n")
        }
    }

    // MARK: - Scenes

    func sceneBegins(_ scene: Scene, number: Int) {
        write("\n" + typesetter.styled("\(number)  \(scene.title)", .strong) + "\n")
        write(typesetter.paragraph(scene.story, indent: 3) + "\n")
    }

    func happened(_ incident: Incident) {
        guard let entry = Narrator.entry(for: incident) else { return }
        let indent = 2 + Self.momentWidth + nameWidth + 2 + Self.kindWidth
        let lines = lines(of: entry, width: typesetter.width - indent)
        let style: Typesetter.Style =
            switch entry.mood {
            case .plain: .plain
            case .good: .good
            case .bad: .bad
            case .quiet: .quiet
            }
        for (number, line) in lines.enumerated() {
            let head =
                number > 0
                ? String(repeating: " ", count: indent)
                : "  " + typesetter.styled(moment(incident.moment), .quiet)
                    + name(incident.player, names.firstIndex(of: incident.player) ?? names.count) + "  "
                    + Typesetter.padded(entry.kind.rawValue, to: Self.kindWidth)
            write(head + typesetter.styled(line, style) + "\n")
        }
    }

    /// The text and the detail on one line if they fit, or each on lines of its own.
    private func lines(of entry: AccountEntry, width: Int) -> [String] {
        if entry.wholeText.count <= width { return [entry.wholeText] }
        return typesetter.wrapped(entry.text, width: width)
            + typesetter.wrapped(entry.detail, width: width - 2).map { "  " + $0 }
    }

    func sceneEnded(_ result: DemonstrationResult.Scene) {
        write("\n")
        for milestone in result.milestones {
            let isGood = milestone.reached
            write(typesetter.styled("   \(isGood ? "✓" : "✗") \(milestone.text)", isGood ? .good : .bad) + "\n")
        }
        let connections = Self.counted(result.connections, "connection", "opened")
        let pairs = Self.counted(result.pairs, "pair", "of domains accepted")
        write(typesetter.styled("     \(connections), \(pairs)", .quiet) + "\n")
        for text in result.violations { write(typesetter.styled("   ✗ must not have happened: \(text)", .bad) + "\n") }
    }

    private static func counted(_ count: Int, _ noun: String, _ rest: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s") \(rest)"
    }

    private func moment(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = String(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        return String(repeating: " ", count: max(0, 4 - milliseconds.count)) + milliseconds + " ms  "
    }

    private func name(_ player: String, _ index: Int) -> String {
        typesetter.coloured(Typesetter.padded(player, to: nameWidth), index: index)
    }

    // MARK: - The end

    func associations(_ list: [DemonstrationResult.Association]) {
        write("\n" + typesetter.styled("Associations: who may send what, and why", .strong) + "\n\n")
        let rows = list.map { entry in
            let summary = entry.summary
            let ends = [summary.local.description, summary.remote.description]
            let pair = (summary.direction == .inbound ? ends.reversed() : ends)
                .joined(separator: entry.isBothDirections ? " ⇄ " : " → ")
            return [
                entry.player, pair, summary.direction.rawValue, summary.prooftype, summary.mechanism, summary.level,
                summary.stream?.description ?? "",
            ]
        }
        let titles = ["AT", "SENDER → TARGET", "STREAM", "PROOF", "MECHANISM", "LEVEL", "ID"]
        let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { Typesetter.padded($0, to: $1) }.joined(separator: "  ")
            return "  " + String(padded.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
        write(typesetter.styled(line(titles), .quiet))
        for row in rows { write(line(row)) }
        let inbound = list.filter { $0.summary.direction == .inbound }
        let pairs = inbound.reduce(0) { $0 + ($1.isBothDirections ? 2 : 1) }
        let connections = Set(inbound.map { "\($0.player) \($0.summary.stream?.description ?? "")" }).count
        let sum = Self.counted(pairs, "pair", "of domains on ") + Self.counted(connections, "connection", "in all")
        write("\n  Each pair stands here at both of its ends: \(sum).\n")
        evidence(list)
    }

    /// What the proofs rest on: for each domain and prooftype once, at the first who proved it.
    private func evidence(_ list: [DemonstrationResult.Association]) {
        write("\n" + typesetter.styled("Which prooftype proved whom, and on what evidence", .strong) + "\n")
        var told: Set<String> = []
        for entry in list where told.insert("\(entry.summary.remote) \(entry.summary.prooftype)").inserted {
            write("\n  \(entry.summary.remote), by \(entry.summary.prooftype)\n")
            for finding in entry.summary.evidence.findings {
                let name = Typesetter.padded(finding.name, to: Self.findingWidth)
                let indent = 6 + Self.findingWidth
                let lines = typesetter.wrapped(finding.value, width: typesetter.width - indent)
                for (number, line) in lines.enumerated() {
                    let head = number == 0 ? "      \(name)" : String(repeating: " ", count: indent)
                    write(typesetter.styled(head + line, .quiet) + "\n")
                }
            }
        }
    }

    func verdict(_ result: DemonstrationResult) {
        let milestones = result.scenes.flatMap(\.milestones)
        let reached = milestones.count { $0.reached }
        let tenths = Int((result.seconds * 10).rounded())
        let text =
            result.succeeded
            ? "All \(milestones.count) expectations were met, in \(tenths / 10).\(tenths % 10) s."
            : "Only \(reached) of \(milestones.count) expectations were met, or something happened that must not."
        write("\n" + typesetter.styled(text, result.succeeded ? .good : .bad) + "\n")
    }

    func keepsRunning(_ stage: Stage, program: String) {
        guard let first = stage.presences.first else { return }
        let other = stage.presences.dropFirst().first ?? first
        write(
            """

            Everything keeps running; what happens is told here. In another terminal, for instance:

              \(program) --socket \(first.controlSocket) streams
              \(program) --socket \(first.controlSocket) associations
              \(program) --socket \(first.controlSocket) ping \(first.player.domain) \(other.player.domain)

            Configurations, certificates and logs are in \(stage.folder.path)
            Ctrl-C ends it and removes them.


            """)
    }

    func interrupted() { write("\ninterrupted\n") }
}
