/// One table while it is read: each key that is asked for is known, and what nobody asked for is an error.
///
/// A table that the file does not have reads as an empty one, so that defaults need no second path.
final class TableReader {
    /// Where the table begins; the first line of the file for the file's own table and for one that is not there.
    let position: SourcePosition
    /// What the program can perform.
    let features: BuiltFeatures
    /// The prooftypes that the program has beyond those of the interface.
    let furtherProoftypes: [String]

    private let path: String
    private let isWritten: Bool
    private let report: ConfigurationReport
    private var entries: [String: TOMLEntry] = [:]
    private var knownKeys: Set<String> = []

    /// The table of a whole file.
    init(
        root: TOMLValue, file: String, features: BuiltFeatures, furtherProoftypes: [String] = [],
        report: ConfigurationReport
    ) {
        path = ""
        isWritten = false
        position = SourcePosition(file: file, line: 1)
        self.features = features
        self.furtherProoftypes = furtherProoftypes
        self.report = report
        take(root)
    }

    private init(path: String, value: TOMLValue?, parent: TableReader) {
        self.path = path
        isWritten = value != nil
        let file = parent.position.file
        position = value.map { SourcePosition(file: file, line: $0.line, column: $0.column) } ?? parent.position
        features = parent.features
        furtherProoftypes = parent.furtherProoftypes
        report = parent.report
        if let value { take(value) }
    }

    private func take(_ value: TOMLValue) {
        guard case .table(let content) = value.content else { return }
        for entry in content { entries[entry.key] = entry }
    }

    /// The value of `key`, which is thereby known.
    func value(_ key: String) -> TOMLValue? {
        knownKeys.insert(key)
        return entries[key]?.value
    }

    /// Whether the file sets `key`, rightly or not.
    func isSet(_ key: String) -> Bool {
        entries[key] != nil
    }

    /// Whether the file sets `key` to a list without elements.
    func isEmptyArray(_ key: String) -> Bool {
        if case .array(let elements) = entries[key]?.value.content { elements.isEmpty } else { false }
    }

    /// The table `[key]`.
    func table(_ key: String) -> TableReader {
        guard let value = value(key) else { return TableReader(path: keyPath(key), value: nil, parent: self) }
        guard case .table = value.content else {
            error(key, "is \(value.kind), but a table is needed", mend: "write [\(keyPath(key))]")
            return TableReader(path: keyPath(key), value: nil, parent: self)
        }
        return TableReader(path: keyPath(key), value: value, parent: self)
    }

    /// The tables `[[key]]`, in the order of the file.
    func tables(_ key: String) -> [TableReader] {
        guard let value = value(key) else { return [] }
        let mend = "write [[\(keyPath(key))]]"
        guard case .array(let elements) = value.content else {
            error(key, "is \(value.kind), but a list of tables is needed", mend: mend)
            return []
        }
        return elements.compactMap { element in
            guard case .table = element.content else {
                error(at: place(of: element), key, "holds \(element.kind), but tables are needed", mend: mend)
                return nil
            }
            return TableReader(path: keyPath(key), value: element, parent: self)
        }
    }

    /// What an operator who adds it at the end of a file puts into the last table without meaning to.
    private static let keysOfNoTable: Set<String> = ["include", "state_directory"]

    /// Reports each key that nobody asked for. `elsewhere` are keys that are right in another file.
    func finish(elsewhere: Set<String> = []) {
        for entry in entries.values where !knownKeys.contains(entry.key) {
            let isTable = if case .table = entry.value.content { true } else { false }
            if elsewhere.contains(entry.key) {
                error(
                    entry.key, "may not stand in this file, which holds [[domain]] and [[remote]] only",
                    mend: "move it to the main file")
            } else if !path.isEmpty, Self.keysOfNoTable.contains(entry.key) {
                error(
                    entry.key, "belongs to no table", mend: "move it to the top of the file, before the first [table]")
            } else if let meant = KeySuggestion.nearest(to: entry.key, among: knownKeys.sorted()) {
                error(entry.key, "is not a known \(isTable ? "table" : "key")", mend: "did you mean \(meant)?")
            } else {
                let known = knownKeys.sorted().joined(separator: ", ")
                error(entry.key, "is not a known \(isTable ? "table" : "key")", mend: "known here: \(known)")
            }
        }
    }

    /// Reports a fault of `key`, or of the table where `key` is missing.
    func error(_ key: String, _ message: String, mend: String) {
        error(at: place(of: key), key, message, mend: mend)
    }

    /// Reports a fault of `key` at a place of its own, as that of an element.
    func error(at place: SourcePosition?, _ key: String, _ message: String, mend: String) {
        report.add(
            ConfigurationError(
                file: place?.file ?? position.file, line: place?.line, column: place?.column, keyPath: keyPath(key),
                message: message, mend: mend))
    }

    /// Reports something about `key` that an operator should know.
    func warning(_ key: String, _ message: String) {
        let place = place(of: key)
        report.add(
            ConfigurationWarning(
                file: position.file, line: isSet(key) ? place?.line : nil, keyPath: keyPath(key), message: message))
    }

    /// Notes a file that `key` names.
    func refer(_ file: ReferencedFile) {
        report.add(file)
    }

    /// `key` with the tables that it stands in.
    func keyPath(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// The place of `key`, or of the table where the key is missing; `nil` where the table is missing too.
    func place(of key: String) -> SourcePosition? {
        if let entry = entries[key] {
            return SourcePosition(file: position.file, line: entry.line, column: entry.column)
        }
        return isWritten ? position : nil
    }

    /// The place of a value, as that of an element in a list of several lines.
    func place(of value: TOMLValue) -> SourcePosition {
        SourcePosition(file: position.file, line: value.line, column: value.column)
    }

    /// `path` as seen from the file's own directory.
    func relativeToFile(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = position.file.lastIndex(of: "/") else { return path }
        return position.file[...slash] + path
    }
}
