internal import Glibc

/// One record, ready to be written.
///
/// Messages and facts hold what peers sent. Whatever they contain, a record is one line, and no value can pass for
/// another field, for another record, or for a command to a terminal.
struct LogRecord {
    /// Since 1970.
    var seconds: Int64
    var milliseconds: Int
    var level: String
    /// The part of the daemon that speaks.
    var component: String
    var message: String
    /// In the order in which they are written.
    var facts: [(name: String, value: String)]

    /// What stands in place of records that were dropped because nobody read them in time.
    static func loss(of count: Int, before record: LogRecord) -> LogRecord {
        LogRecord(
            seconds: record.seconds, milliseconds: record.milliseconds, level: "warning", component: "log",
            message: "log records were lost", facts: [("count", String(count))])
    }

    /// The bytes, with the line feed.
    func line(as format: LogFormat) -> [UInt8] {
        switch format {
        case .text: textLine()
        case .json: jsonLine()
        }
    }

    private func textLine() -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(160)
        line += time().utf8
        line += " \(level) ".utf8
        EscapedText.append(message, to: &line, as: .message)
        for (name, value) in facts {
            line.append(UInt8(ascii: " "))
            EscapedText.append(name, to: &line, as: .name)
            line.append(UInt8(ascii: "="))
            EscapedText.append(value, to: &line, as: .value)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func jsonLine() -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(220)
        func member(_ name: String, _ value: String) {
            line.append(line.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            EscapedText.append(name, to: &line, as: .json)
            line.append(UInt8(ascii: ":"))
            EscapedText.append(value, to: &line, as: .json)
        }
        member("time", time())
        member("level", level)
        member("component", component)
        member("message", message)
        for (name, value) in facts where !Self.reserved.contains(name) { member(name, value) }
        line += "}\n".utf8
        return line
    }

    /// Members that every record has; a fact of the same name would make the object ambiguous.
    private static let reserved: Set<String> = ["time", "level", "component", "message"]

    private func time() -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func padded(_ value: some BinaryInteger, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return padded(parts.tm_year + 1_900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-" + padded(parts.tm_mday, 2)
            + "T" + padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2) + ":" + padded(parts.tm_sec, 2) + "."
            + padded(milliseconds, 3) + "Z"
    }
}
