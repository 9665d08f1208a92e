/// The rows of the conformance list, the tests that show them, and the page that says so.
struct ConformanceList {
    struct Row {
        var identifier: String
        var level: String
        var requirement: String
        var source: String

        var section: String { String(identifier.prefix(2)) }
    }

    /// The rows in order.
    let rows: [Row]
    /// The titles of the sections, by their letters.
    let sections: [(letters: String, title: String)]
    /// Why a row, or a section, cannot be shown yet.
    let reasons: [String: String]
    /// The files whose tests show a row, by its identifier.
    let files: [String: Set<String>]

    /// Reads rows, reasons and the names of all tests.
    init() {
        var rows: [Row] = []
        var sections: [(letters: String, title: String)] = []
        for line in SourceTree.lines(of: "Docs/Conformance/rows.txt") {
            if line.hasPrefix("## ") {
                sections.append((String(line.dropFirst(3).prefix(2)), String(line.dropFirst(6))))
            }
            let cells = Self.cells(line)
            guard cells.count == 4, !line.hasPrefix("#") else { continue }
            rows.append(Row(identifier: cells[0], level: cells[1], requirement: cells[2], source: cells[3]))
        }
        self.rows = rows
        self.sections = sections
        var reasons: [String: String] = [:]
        for line in SourceTree.lines(of: "Docs/Conformance/later.txt") where !line.hasPrefix("#") {
            let cells = Self.cells(line)
            if cells.count == 2 { reasons[cells[0]] = cells[1] }
        }
        self.reasons = reasons
        var files: [String: Set<String>] = [:]
        for path in SourceTree.files(below: "Tests", endingIn: ".swift", ".scenario") {
            for row in Self.titles(in: path).flatMap(Self.rows) { files[row, default: []].insert(path) }
        }
        self.files = files
    }

    /// The rows that no test shows and no reason excuses.
    var missing: [String] {
        rows.filter { files[$0.identifier] == nil && reason(for: $0) == nil }.map(\.identifier)
    }

    /// The reasons that excuse nothing any more.
    var superfluousReasons: [String] {
        reasons.keys.filter { key in
            rows.allSatisfy { ($0.identifier != key && $0.section != key) || files[$0.identifier] != nil }
        }.sorted()
    }

    /// The names in tests that are no row.
    var unknown: [String] {
        let known = Set(rows.map(\.identifier))
        let letters = Set(rows.map(\.section))
        return files.keys.filter { letters.contains(String($0.prefix(2))) && !known.contains($0) }.sorted()
    }

    /// Why a row cannot be shown yet.
    func reason(for row: Row) -> String? { reasons[row.identifier] ?? reasons[row.section] }

    // MARK: - The page

    /// `Docs/Conformance.md` as it has to be.
    var page: String {
        let shown = rows.filter { files[$0.identifier] != nil }.count
        var lines = [
            "# Conformance", "",
            "What the specifications ask of a server that federates, and the tests that show it. Names of tests begin",
            "with their row, as in ``@Test func `CM-20: …` ``; scenarios begin with it in their first line.", "",
            "This page is written by `Docs/update-conformance` from `Docs/Conformance/rows.txt`, from",
            "`Docs/Conformance/later.txt` and from the names of the tests; `ArchitectureTests` checks that it agrees.",
            "", "\(shown) of \(rows.count) rows are shown by a test; each of the others has its reason.",
        ]
        for section in sections {
            lines += ["", "## \(section.letters): \(section.title)", ""]
            lines += ["| Row | Level | Requirement | Source | Shown by |", "| --- | --- | --- | --- | --- |"]
            for row in rows where row.section == section.letters {
                let shownBy =
                    files[row.identifier].map { Self.links(to: $0) } ?? "*Later:* " + (reason(for: row) ?? "no test")
                lines.append(
                    "| \(row.identifier) | \(row.level) | \(row.requirement) | \(row.source) | \(shownBy) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func links(to files: Set<String>) -> String {
        files.sorted().map { path in
            let name = path.split(separator: "/").last?.split(separator: ".").first ?? ""
            return "[\(name)](../\(path))"
        }.joined(separator: ", ")
    }

    // MARK: - Reading

    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: "|").map { cell in
            let text = cell.drop { $0 == " " }
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// What the tests of a file are called.
    private static func titles(in path: String) -> [String] {
        if path.hasSuffix(".scenario") { return SourceTree.lines(of: path).prefix(1).map { String($0.dropFirst(2)) } }
        return SourceTree.lines(of: path).flatMap { line -> [String] in
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("@Test") || text.hasPrefix("func `") || text.contains(" func `") else { return [] }
            return line.split(separator: line.contains("`") ? "`" : "\"").dropFirst().map { String($0) }
        }
    }

    /// The rows in front of the colon of a title.
    private static func rows(of title: String) -> [String] {
        guard let colon = title.firstIndex(of: ":") else { return [] }
        return title[..<colon].split(separator: ",").compactMap { word in
            let row = word.drop { $0 == " " }
            return row.wholeMatch(of: /[A-Z]{2}-[0-9]{2}/).map { String($0.output) }
        }
    }
}
