/// `[log]`: what is written to standard error.
public struct LogSettings: Sendable, Hashable {
    /// The least important records that are written.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        /// Everything, elements of negotiation included.
        case trace
        /// Steps of negotiation and of lookups.
        case debug
        /// Streams and associations as they come and go.
        case info
        /// Conditions that are normal but significant.
        case notice
        /// What an operator should look at.
        case warning
        /// What has failed.
        case error
    }

    /// How a record looks.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// One line for people.
        case text
        /// One JSON object a line.
        case json
    }

    /// `level`.
    public var level = Level.info
    /// `format`.
    public var format = Format.text

    /// The defaults.
    public init() {}

    init(reading table: TableReader) {
        level = table.choice("level", default: level)
        format = table.choice("format", default: format)
        table.finish()
    }
}
