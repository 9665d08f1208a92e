/// What is found while files are read: every fault and warning, and the files that are named. Lives for one reading.
final class ConfigurationReport {
    private(set) var errors: [ConfigurationError] = []
    private(set) var warnings: [ConfigurationWarning] = []
    private(set) var referencedFiles: [ReferencedFile] = []
    private(set) var files: [String] = []
    private var knownFiles: Set<String> = []
    private var knownWarnings: Set<[String]> = []

    /// Notes that `file` is read; false when it was before.
    func begin(file: String) -> Bool {
        guard knownFiles.insert(file).inserted else { return false }
        files.append(file)
        return true
    }

    func add(_ error: ConfigurationError) {
        errors.append(error)
    }

    /// Adds a warning unless the same was given before: a key is named once, however many tables hold it.
    func add(_ warning: ConfigurationWarning) {
        if knownWarnings.insert([warning.keyPath, warning.message]).inserted { warnings.append(warning) }
    }

    func add(_ file: ReferencedFile) {
        referencedFiles.append(file)
    }

    /// - Throws: Everything that was found wrong, in the order of files and lines.
    func throwIfFaulty() throws(ConfigurationErrors) {
        guard !errors.isEmpty else { return }
        throw ConfigurationErrors(inReadingOrder(errors, file: \.file, line: \.line, column: \.column))
    }

    /// The warnings in the order of files and lines.
    var orderedWarnings: [ConfigurationWarning] {
        inReadingOrder(warnings, file: \.file, line: \.line, column: { _ in nil })
    }

    /// What concerns a whole file comes after what has a line in it.
    private func inReadingOrder<Finding>(
        _ findings: [Finding], file: (Finding) -> String, line: (Finding) -> Int?, column: (Finding) -> Int?
    ) -> [Finding] {
        let order = Dictionary(zip(files, files.indices), uniquingKeysWith: { first, _ in first })
        return findings.enumerated().map { index, finding in
            (key: [order[file(finding)] ?? .max, line(finding) ?? .max, column(finding) ?? 0, index], finding)
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.1)
    }
}
