/// Master files: zones as text (RFC 1035 §5.1).
public enum MasterFile {
    /// Reads records: of any type that the library knows, or in the form of RFC 3597.
    ///
    /// `$ORIGIN` and `$TTL` are followed, `$INCLUDE` is refused. It is meant for what an operator wrote: the protocols and
    /// services of some old types are looked up in the files of the system.
    ///
    /// - Parameters:
    ///   - origin: What names without a final dot are below.
    ///   - timeToLive: Of records that give none, in seconds.
    /// - Throws: ``MasterFileError`` with the line.
    public static func read(
        _ text: String, origin: DNSName = .root, timeToLive: UInt32 = 3600
    ) throws(MasterFileError) -> [DNSRecord] {
        var state = State(origin: origin, timeToLive: timeToLive)
        var records: [DNSRecord] = []
        for entry in try MasterFileLines(text).entries {
            if let record = try state.record(of: entry) { records.append(record) }
        }
        return records
    }

    /// What an entry takes over from those before it.
    struct State {
        var origin: DNSName
        var timeToLive: UInt32
        var owner: DNSName?

        init(origin: DNSName = .root, timeToLive: UInt32 = 0) {
            (self.origin, self.timeToLive) = (origin, timeToLive)
        }

        /// - Returns: nil for a directive.
        mutating func record(of entry: MasterFileLines.Entry) throws(MasterFileError) -> DNSRecord? {
            if entry.text.first == UInt8(ascii: "$") {
                try follow(String(decoding: entry.text, as: UTF8.self), line: entry.line)
                return nil
            }
            let record = try RecordParser.record(
                entry.text, line: entry.line, origin: origin, timeToLive: timeToLive, previousOwner: owner)
            owner = record.owner
            return record
        }

        private mutating func follow(_ directive: String, line: Int) throws(MasterFileError) {
            let words = directive.split(separator: " ")
            guard words.count == 2 else { throw .unknownDirective(line: line) }
            switch words[0].uppercased() {
            case "$TTL":
                guard let seconds = UInt32(words[1]) else { throw .unknownDirective(line: line) }
                timeToLive = seconds
            case "$ORIGIN":
                guard let name = try? DNSName(words[1]),
                    let whole = words[1].hasSuffix(".") ? name : try? DNSName(wire: name.wire.dropLast() + origin.wire)
                else { throw .unknownDirective(line: line) }
                origin = whole
            default:
                throw .unknownDirective(line: line)
            }
        }
    }
}
