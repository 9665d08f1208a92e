/// A DNS query with one question, and its answer (RFC 1035, section 4).
struct NameServerMessage {
    private let identifier: ArraySlice<UInt8>
    private let question: ArraySlice<UInt8>
    private let recursionDesired: UInt8
    /// The name asked for.
    let name: String
    /// The number of the type asked for.
    let type: UInt16

    /// Reads a query; `nil` for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 12, bytes[2] & 0x80 == 0, bytes[4] == 0, bytes[5] == 1 else { return nil }
        var position = 12
        var labels: [String] = []
        while position < bytes.count, bytes[position] != 0 {
            let end = position + 1 + Int(bytes[position])
            guard bytes[position] < 64, end < bytes.count else { return nil }
            labels.append(String(decoding: bytes[position + 1..<end], as: UTF8.self))
            position = end
        }
        guard position + 5 <= bytes.count else { return nil }
        identifier = bytes[0..<2]
        recursionDesired = bytes[2] & 1
        question = bytes[12..<position + 5]
        name = labels.joined(separator: ".")
        type = UInt16(bytes[position + 1]) << 8 | UInt16(bytes[position + 2])
    }

    /// The authoritative answer: records, or that there are none, or that the name does not exist.
    func answer(from zone: Zone) -> [UInt8] {
        let records = zone.records(of: name, type: type)
        let responseCode: UInt8 = zone.exists(name) ? 0 : 3
        var message = Array(identifier)
        // A response, authoritative, from a server that would recurse: a stub resolver asks for no less.
        message += [0x84 | recursionDesired, 0x80 | responseCode]
        message += [0, 1, 0, UInt8(clamping: records.count), 0, 0, 0, 0]
        message += question
        for record in records {
            let nameOfQuestion: [UInt8] = [0xc0, 12]
            let classAndLifetime: [UInt8] = [0, 1, 0, 0, 0, 60]
            let length = record.data.count
            message += nameOfQuestion + [0, UInt8(record.type)] + classAndLifetime
            message += [UInt8(length >> 8), UInt8(length & 0xff)] + record.data
        }
        return message
    }
}
