/// Reads resource records: their frame here, the data of known types by ldns.
enum RecordReader {
    /// What a section holds: records of class IN, and the pseudo record of EDNS apart.
    struct Section {
        var records: [DNSRecord] = []
        var extended: ExtendedHeader?
    }

    static func section(
        _ part: DNSMessagePart, count: Int, from reader: inout MessageReader
    ) throws(DNSMessageFailure) -> Section {
        var section = Section()
        for _ in 0..<count {
            let start = reader.position
            let owner = try reader.name(in: part)
            let type = RecordType(rawValue: try reader.number(UInt16.self, in: part))
            let recordClass = try reader.number(UInt16.self, in: part)
            let timeToLive = try reader.number(UInt32.self, in: part)
            let length = Int(try reader.number(UInt16.self, in: part))
            let data = reader.position
            try reader.skip(length, in: part)
            if type == .opt {
                // One, at the root, in the additional section; otherwise it is not ours to interpret.
                guard part == .additional, owner == [0], section.extended == nil else { throw .badRecord(type) }
                section.extended = try ExtendedHeader(
                    recordClass: recordClass, timeToLive: timeToLive, data: reader.octets[data..<reader.position])
                continue
            }
            guard recordClass == MessageFormat.classInternet else { continue }
            section.records.append(
                DNSRecord(
                    owner: DNSName(canonicalWire: owner.map(DNSName.lowercased)), type: type,
                    // A set high bit is to be read as zero (RFC 2181 §8).
                    timeToLive: timeToLive > Int32.max ? 0 : timeToLive,
                    data: try self.data(of: type, in: reader, record: start, from: data, length: length)))
        }
        return section
    }

    private static func data(
        of type: RecordType, in reader: MessageReader, record: Int, from start: Int, length: Int
    ) throws(DNSMessageFailure) -> RecordData {
        guard let layout = layouts[type] else {
            // Names in types younger than RFC 1035 are never compressed (RFC 3597 §4): the octets stand for themselves.
            return .other(Array(reader.octets[start..<(start + length)]))
        }
        var position = start
        for field in layout {
            switch field {
            case .octets(let count): position += count
            case .name: position = try namedEnd(of: type, in: reader, at: position)
            case .rest(let minimum): position = max(start + length, position + minimum)
            }
        }
        guard position == start + length else { throw .badRecord(type) }
        return try RecordFields.read(reader.octets, at: record, end: start + length, type: type) {
            (fields) throws(DNSMessageFailure) in try fields.data(of: type)
        }
    }

    private static func namedEnd(
        of type: RecordType, in reader: MessageReader, at position: Int
    ) throws(DNSMessageFailure) -> Int {
        do {
            return try reader.name(at: position, in: .answer).end
        } catch {
            throw .badRecord(type)
        }
    }

    private enum Field {
        case octets(Int)
        case name
        case rest(minimum: Int)
    }

    /// The form of the types that ldns reads for us: those that we look into, and those whose names may be compressed.
    private static let layouts: [RecordType: [Field]] = [
        .a: [.octets(4)],
        .aaaa: [.octets(16)],
        .ns: [.name],
        .cname: [.name],
        .dname: [.name],
        .soa: [.name, .name, .octets(20)],
        .srv: [.octets(6), .name],
        .tlsa: [.octets(3), .rest(minimum: 0)],
        .ptr: [.name],
        .mx: [.octets(2), .name],
    ]
}
