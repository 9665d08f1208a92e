/// What the section of a prooftype says, checked against its ``ProoftypeSection``.
public struct SectionValues: Sendable, Hashable {
    /// A value.
    public enum Value: Sendable, Hashable {
        /// A string.
        case text(String)
        /// A list of strings.
        case texts([String])
        /// A whole number.
        case integer(Int64)
        /// True or false.
        case boolean(Bool)
        /// The path of a file, not relative any more to the one that names it.
        case file(String)
    }

    /// A value and where it stands.
    public struct Entry: Sendable, Hashable {
        /// The value.
        public var value: Value
        /// Where it stands.
        public var position: SourcePosition?
    }

    /// The values that are set, by key.
    public var entries: [String: Entry] = [:]

    /// Nothing is set.
    public init() {}

    /// Reads the section.
    ///
    /// - Parameter isUsed: Whether some `prooftypes` lists it, so that keys may be missed.
    init(reading table: TableReader, as section: ProoftypeSection, isUsed: Bool) {
        for key in section.keys {
            let value: Value? =
                switch key.form {
                case .text: table.string(key.name).map { .text($0) }
                case .texts: table.list(key.name) { ElementReading<String>.accepted($0) }.map { .texts($0) }
                case .integer: table.integer(key.name).map { .integer($0) }
                case .boolean: table.boolean(key.name).map { .boolean($0) }
                case .file: table.optionalFile(key.name, for: .prooftypeMaterial).map { .file($0) }
                }
            if let value {
                entries[key.name] = Entry(value: value, position: table.place(of: key.name))
            } else if key.isRequired, isUsed, !table.isSet(key.name) {
                table.error(
                    key.name, "is missing, and \"\(section.name)\" is among the prooftypes",
                    mend: "write \(key.name) in [\(section.name)]")
            }
        }
        table.finish()
    }
}
