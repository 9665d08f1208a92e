extension CheckReport {
    /// The lines that `check` prints, each with its line feed: every step with what to do about it, a line for each place,
    /// and at the end what it comes to.
    ///
    /// - Parameter width: The columns of the terminal; long details are wrapped.
    public func text(width: Int = 100) -> String {
        let lines = stepLines(width: min(max(width, 60), 160)) + targetLines + proofLines + conclusion
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: - Steps

    private static let resultWidth = 9
    private static let mostNameWidth = 32

    /// A step as it is printed: below a heading where its neighbours are about the same thing.
    private struct Row {
        var heading: String?
        let name: String
        let step: Step
    }

    /// Names consist of what was looked at, and where: steps that stand together and share the latter share a heading.
    private var rows: [Row] {
        // The links of a chain that holds are for `resolve` and for JSON, and proofs have a table of their own.
        let shown = steps.filter { step in
            !(step.result == .ok && step.name.hasPrefix("chain ")) && !step.name.hasPrefix("proof ")
        }
        let places = shown.map { step -> String? in
            step.name.firstIndex(of: " ").map { DisplayText.escaped(String(step.name[step.name.index(after: $0)...])) }
        }
        return shown.indices.map { index in
            let step = shown[index]
            let isBelow = index > 0 && places[index] != nil && places[index] == places[index - 1]
            let isAbove = index + 1 < shown.count && places[index] != nil && places[index] == places[index + 1]
            guard isBelow || isAbove, let place = places[index] else {
                return Row(name: DisplayText.escaped(step.name), step: step)
            }
            let kind = String(step.name.prefix { $0 != " " })
            return Row(heading: isBelow ? nil : place, name: "  " + DisplayText.escaped(kind), step: step)
        }
    }

    private func stepLines(width: Int) -> [String] {
        let rows = rows
        let widest = rows.map { DisplayText.width(of: $0.name) }.filter { $0 <= Self.mostNameWidth }.max() ?? 0
        let indent = Self.resultWidth + widest + 2
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var fixes: Set<String> = []
        for row in rows {
            if let heading = row.heading {
                lines.append(String(repeating: " ", count: Self.resultWidth) + heading)
            }
            let head = DisplayText.padded(row.step.result.rawValue, to: Self.resultWidth)
            var details = Self.wrap(DisplayText.escaped(row.step.detail), to: max(24, width - indent))
            // A name that would push every detail to the right has a line of its own.
            if DisplayText.width(of: row.name) > widest {
                lines.append(head + row.name)
            } else {
                lines.append(head + DisplayText.padded(row.name, to: widest + 2) + (details.first ?? ""))
                details.removeFirst(min(1, details.count))
            }
            lines += details.map { margin + $0 }
            // One cause fails many steps, and is mended once.
            if let fix = row.step.fix, fixes.insert(fix).inserted {
                let text = Self.wrap(DisplayText.escaped(fix), to: max(24, width - indent - 5))
                lines += text.enumerated().map { margin + ($0 == 0 ? "fix: " : "     ") + $1 }
            }
        }
        return lines
    }

    /// Cuts at spaces; a word that is longer than a line stays whole, so that it can be copied.
    static func wrap(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            if !line.isEmpty, DisplayText.width(of: line) + 1 + DisplayText.width(of: String(word)) > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }

    // MARK: - Places and prooftypes

    private var targetLines: [String] {
        guard !targets.isEmpty else { return [] }
        var table = TextTable([
            .text("HOST"), .number("PORT"), .text("ADDRESS"), .text("BY"), .text("TLS"), .text("VERDICT"),
            .text("PROVEN BY"),
        ])
        for target in targets {
            table.add([
                target.host, String(target.port), target.address ?? "", target.directTLS ? "TLS" : "STARTTLS",
                target.tlsVersion ?? "", target.verdict?.rawValue ?? "", target.proven.joined(separator: " "),
            ])
        }
        return [""] + table.lines()
    }

    private var proofLines: [String] {
        guard !prooftypes.isEmpty else { return [] }
        var table = TextTable([.text("PROOF"), .text("RESULT"), .text("REASON")])
        for (name, proof) in prooftypes.sorted(by: { $0.key < $1.key }) {
            table.add([name, proof.result.rawValue, proof.reason])
        }
        return [""] + table.lines()
    }

    private var conclusion: [String] {
        let failed = steps.filter { $0.result == .failed }.count
        let warnings = steps.filter { $0.result == .warning }.count
        let counts = "\(failed) failed, \(warnings) \(warnings == 1 ? "warning" : "warnings")"
        return ["", DisplayText.escaped("\(domain) (\(service)): \(verdict.rawValue) (\(counts))")]
    }
}
