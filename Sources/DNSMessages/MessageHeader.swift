/// The fixed header and the question of a message.
struct MessageHeader {
    let identifier: UInt16
    let flags: UInt16
    /// Records in the answer, authority and additional section.
    let counts: [(part: DNSMessagePart, count: Int)]
    /// With the letter case that its sender gave it; nil when there is no question.
    let askedName: [UInt8]?
    let type: RecordType

    init(from reader: inout MessageReader) throws(DNSMessageFailure) {
        identifier = try reader.number(UInt16.self, in: .header)
        flags = try reader.number(UInt16.self, in: .header)
        let questions = try reader.number(UInt16.self, in: .header)
        var counts: [(part: DNSMessagePart, count: Int)] = []
        for part in [DNSMessagePart.answer, .authority, .additional] {
            counts.append((part, Int(try reader.number(UInt16.self, in: .header))))
        }
        self.counts = counts
        guard flags & MessageFormat.operationMask == 0 else { throw .unsupportedOperation }
        guard counts.reduce(0, { $0 + $1.count }) <= MessageFormat.maximumRecords else { throw .tooManyRecords }
        switch questions {
        case 0:
            askedName = nil
            type = RecordType(rawValue: 0)
        case 1:
            askedName = try reader.name(in: .question)
            type = RecordType(rawValue: try reader.number(UInt16.self, in: .question))
            guard try reader.number(UInt16.self, in: .question) == MessageFormat.classInternet else {
                throw .badQuestion
            }
        default:
            throw .badQuestion
        }
    }

    func has(_ flag: UInt16) -> Bool { flags & flag != 0 }

    var question: DNSQuestion? {
        askedName.map { DNSQuestion(DNSName(canonicalWire: $0.map(DNSName.lowercased)), type) }
    }
}
