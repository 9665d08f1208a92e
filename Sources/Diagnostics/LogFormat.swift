/// How a log record is written; the values of `[log] format`.
public enum LogFormat: String, CaseIterable, Sendable {
    /// `2026-07-29T10:00:00.123Z info message key=value`.
    case text
    /// One JSON object a line.
    case json
}
