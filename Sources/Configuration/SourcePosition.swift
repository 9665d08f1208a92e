/// A place in a configuration file, as an operator's editor counts it.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    /// The file's path as it was given, or as an `include` pattern produced it.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in characters, from 1.
    public var column: Int

    /// Makes a position; `line` and `column` count from 1.
    public init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `ligase.toml:12`.
    public var description: String { "\(file):\(line)" }
}
