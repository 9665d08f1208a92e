/// The names that a test's name server knows, from the lines of a zone file.
///
/// A line is `name SRV priority weight port target` or `name A address`; names are whole, lines that begin with `;` are
/// comments.
struct Zone: Sendable {
    private var records: [String: [ZoneRecord]] = [:]

    init(_ text: String) throws(HarnessFailure) {
        for line in text.split(separator: "\n") where !line.hasPrefix(";") {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !fields.isEmpty else { continue }
            guard fields.count > 2, let record = Self.record(type: fields[1], data: Array(fields[2...])) else {
                throw .malformed("zone line: \(line)")
            }
            records[fields[0].lowercased(), default: []].append(record)
        }
    }

    /// The records of a name and type.
    func records(of name: String, type: UInt16) -> [ZoneRecord] {
        records[name.lowercased(), default: []].filter { $0.type == type }
    }

    /// Whether the name, or one below it, has any records (RFC 8020).
    func exists(_ name: String) -> Bool {
        let name = name.lowercased()
        return records.keys.contains { $0 == name || $0.hasSuffix("." + name) }
    }

    private static func record(type: String, data: [String]) -> ZoneRecord? {
        switch (type, data.count) {
        case ("SRV", 4):
            guard let priority = UInt16(data[0]), let weight = UInt16(data[1]), let port = UInt16(data[2]) else {
                return nil
            }
            return .service(priority: priority, weight: weight, port: port, target: data[3])
        case ("A", 1):
            let octets = data[0].split(separator: ".").compactMap { UInt8($0) }
            return octets.count == 4 ? .address(octets) : nil
        default:
            return nil
        }
    }
}
