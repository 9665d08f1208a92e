import Testing

/// One key with values that are right, of another type, and of the right type but not usable.
struct KeyCase: Sendable, CustomTestStringConvertible {
    /// The tables that the key stands in, `""` for none, `[[…]]` for lists of tables.
    let table: String
    let key: String
    let good: [String]
    let wrongType: [String]
    let unusable: [String]
    /// Other lines that the table needs.
    var beside: [String] = []

    init(
        _ table: String, _ key: String, good: [String], wrongType: [String], unusable: [String] = [],
        beside: [String] = []
    ) {
        self.table = table
        self.key = key
        self.good = good
        self.wrongType = wrongType
        self.unusable = unusable
        self.beside = beside
    }

    var keyPath: String {
        let name = table.trimming("[]")
        return name.isEmpty ? key : "\(name).\(key)"
    }

    var testDescription: String { keyPath }

    /// The line of the key in ``document(_:)``.
    static let line = 2

    /// A whole configuration in which the key has `value`.
    func document(_ value: String) -> String {
        let header = table.isEmpty ? "# no table" : table
        let others = beside.joined(separator: "\n")
        // A tenant of its own beside [[domain]], so that nothing else is missing.
        return
            "\(header)\n\(key) = \(value)\n\(others)\n\n[[domain]]\nname = \"other.example\"\nbackend = \"builtin\"\n"
    }
}

extension String {
    fileprivate func trimming(_ characters: String) -> String {
        filter { !characters.contains($0) }
    }
}
