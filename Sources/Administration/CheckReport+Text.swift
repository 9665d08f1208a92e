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

    private func stepLines(width: Int) -> [String] {
        let widest =
            steps.map { DisplayText.width(of: DisplayText.escaped($0.name)) }
            .filter { $0 <= Self.mostNameWidth }.max() ?? 0
        let indent = Self.resultWidth + widest + 2
        var lines: [String] = []
        for step in steps {
            let name = DisplayText.escaped(step.name)
            let head = DisplayText.padded(step.result.rawValue, to: Self.resultWidth)
            var details = Self.wrap(DisplayText.escaped(step.detail), to: max(24, width - indent))
            // A name that would push every detail to the right has a line of its own.
            if DisplayText.width(of: name) > widest {
                lines.append(head + name)
            } else {
                lines.append(head + DisplayText.padded(name, to: widest + 2) + (details.first ?? ""))
                details.removeFirst(min(1, details.count))
            }
            let margin = String(repeating: " ", count: indent)
            lines += details.map { margin + $0 }
            if let fix = step.fix {
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
