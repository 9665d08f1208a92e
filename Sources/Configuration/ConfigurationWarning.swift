/// Something that an operator should know at start although the configuration is usable.
public struct ConfigurationWarning: Sendable, Hashable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// The line from 1, or `nil` where a default is the reason.
    public var line: Int?
    /// The key with its tables, as `federation.dane`.
    public var keyPath: String
    /// What has no effect, or is unsafe, and why.
    public var message: String

    /// Makes a warning about one key.
    public init(file: String, line: Int?, keyPath: String, message: String) {
        self.file = file
        self.line = line
        self.keyPath = keyPath
        self.message = message
    }

    /// `ligase.toml:12: federation.dane: …`, on one line.
    public var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(keyPath): \(message)"
    }
}
