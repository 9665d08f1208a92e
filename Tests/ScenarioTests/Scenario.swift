import Testing

/// A conversation as text: one step for each line, and what a line says is done or expected in its turn.
///
/// A line is a subject and what it does; whatever begins with `<` is XML as it stands. A line that begins with a space
/// goes on with the one before. The first line is the title, `# ROW: what the conversation shows`.
struct Scenario: CustomTestStringConvertible, Sendable {
    struct Step: Sendable {
        var line: Int
        /// Subject and verb, with one space between words.
        var phrase: String
        /// The words behind the verb, or the XML.
        var argument: String
    }

    var path: String
    var title: String
    var steps: [Step]

    var testDescription: String { title }

    /// Where a step stands, for a failure.
    func location(_ line: Int) -> SourceLocation {
        SourceLocation(fileID: "ScenarioTests/Scenarios", filePath: path, line: line, column: 1)
    }

    /// Reads a text.
    ///
    /// - Throws: ``ScenarioFault`` when it has no title, or a line that says nothing known.
    init(path: String, text: String) throws(ScenarioFault) {
        self.path = path
        var title: String?
        var steps: [Step] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("#") {
                title = title ?? String(line.drop { $0 == "#" || $0 == " " })
            } else if line.hasPrefix(" "), !steps.isEmpty {
                let text = steps[steps.count - 1].argument
                // Between attributes and between words a space means something, between elements it would be text.
                let isBetweenTags = text.hasSuffix(">")
                steps[steps.count - 1].argument = text + (isBetweenTags ? "" : " ") + line.drop { $0 == " " }
            } else if !line.allSatisfy(\.isWhitespace) {
                steps.append(try Self.step(line, number: index + 1))
            }
        }
        guard let title, !steps.isEmpty else { throw ScenarioFault(line: 1, "a title and steps are needed") }
        self.title = title
        self.steps = steps
    }

    private static func step(_ line: Substring, number: Int) throws(ScenarioFault) -> Step {
        let xml = line.firstIndex(of: "<")
        let words = line[..<(xml ?? line.endIndex)].split(whereSeparator: \.isWhitespace)
        // The longest phrase first, so that `closes in order` is not taken for `closes`.
        for count in stride(from: min(words.count, 3), through: 1, by: -1) {
            let phrase = words[..<count].joined(separator: " ")
            guard ScenarioRunner.phrases.contains(phrase) else { continue }
            let rest = words[count...].joined(separator: " ")
            let text = xml.map { String(line[$0...]) } ?? ""
            guard rest.isEmpty || text.isEmpty else {
                throw ScenarioFault(line: number, "words and XML together: \(line)")
            }
            return Step(line: number, phrase: phrase, argument: rest + text)
        }
        throw ScenarioFault(line: number, "nobody knows what this means: \(line)")
    }
}

/// Where and why a scenario went wrong.
struct ScenarioFault: Error {
    var line: Int
    var reason: String

    init(line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }
}
