internal import DNSMessages
internal import XMPPModel

/// Reads the records of a zone, one on a line: `owner [seconds] TYPE data`.
///
/// Names without a final dot are below the origin, which is `@`. A line that begins with a blank has the owner of the
/// line before, `;` begins a comment, and `$TTL` sets the seconds where none are given. Known types are A, AAAA, CNAME,
/// DNAME, MX, NS, PTR, SOA, SRV, TLSA and TXT (whose strings hold no blank); all others have the form `TYPE65 \# 3 010203` (RFC 3597 §5).
enum ZoneText {
    private static let defaultSeconds: UInt32 = 300

    static func records(in text: String, origin: DNSName) throws(ZoneTextError) -> [DNSRecord] {
        var records: [DNSRecord] = []
        var seconds = defaultSeconds
        var owner = origin
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            let content = line.prefix { $0 != ";" }
            var words = content.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let first = words.first else { continue }
            if first == "$TTL" {
                guard words.count == 2, let value = UInt32(words[1]) else { throw .badLine(number, "$TTL") }
                seconds = value
                continue
            }
            if content.first != " ", content.first != "\t" {
                owner = try name(first, below: origin, line: number)
                words.removeFirst()
            }
            let given = words.first.flatMap { UInt32($0) }
            if given != nil { words.removeFirst() }
            if words.first == "IN" { words.removeFirst() }
            guard let mnemonic = words.first, let type = RecordType(mnemonic) else {
                throw .badLine(number, "unknown type")
            }
            let fields = Fields(words: Array(words.dropFirst()), origin: origin, line: number)
            records.append(try fields.record(owner: owner, type: type, timeToLive: given ?? seconds))
        }
        return records
    }

    static func name(_ text: String, below origin: DNSName, line: Int) throws(ZoneTextError) -> DNSName {
        if text == "@" { return origin }
        let isAbsolute = text.hasSuffix(".") || origin.isRoot
        do {
            return try DNSName(isAbsolute ? text : "\(text).\(origin)")
        } catch {
            throw .badLine(line, "\(text): \(error)")
        }
    }

    /// The data of one record, word by word.
    private struct Fields {
        let words: [String]
        let origin: DNSName
        let line: Int

        func record(owner: DNSName, type: RecordType, timeToLive: UInt32) throws(ZoneTextError) -> DNSRecord {
            let data: RecordData
            switch type {
            case .a: data = .a(try address(.v4))
            case .aaaa: data = .aaaa(try address(.v6))
            case .cname: data = .cname(try name(0))
            case .ns: data = .ns(try name(0))
            case .srv:
                data = .srv(
                    priority: try number(0), weight: try number(1), port: try number(2), target: try name(3))
            case .tlsa:
                data = .tlsa(
                    TLSARecord(usage: try number(0), selector: try number(1), matching: try number(2), data: try hex(3))
                )
            case .soa:
                data = .soa(
                    StartOfAuthority(
                        primaryServer: try name(0), responsibleMailbox: try name(1), serial: try number(2),
                        refresh: try number(3), retry: try number(4), expire: try number(5), minimum: try number(6)))
            case .dname, .ptr:
                return DNSRecord(owner: owner, type: type, timeToLive: timeToLive, octets: try name(0).wire)
            case .mx:
                let preference: UInt16 = try number(0)
                let octets = [UInt8(preference >> 8), UInt8(preference & 0xFF)] + (try name(1).wire)
                return DNSRecord(owner: owner, type: type, timeToLive: timeToLive, octets: octets)
            case .txt where words.first != "\\#":
                return DNSRecord(owner: owner, type: type, timeToLive: timeToLive, octets: try strings())
            default:
                guard try word(0) == "\\#" else { throw .badLine(line, "write \(type) as \\# and its octets") }
                return DNSRecord(owner: owner, type: type, timeToLive: timeToLive, octets: try hex(2))
            }
            guard let record = DNSRecord(owner: owner, timeToLive: timeToLive, data: data) else {
                throw .badLine(line, "no record of type \(type)")
            }
            return record
        }

        private func word(_ index: Int) throws(ZoneTextError) -> String {
            guard index < words.count else { throw .badLine(line, "field \(index + 1) is missing") }
            return words[index]
        }

        private func name(_ index: Int) throws(ZoneTextError) -> DNSName {
            try ZoneText.name(word(index), below: origin, line: line)
        }

        private func number<Number: FixedWidthInteger>(_ index: Int) throws(ZoneTextError) -> Number {
            guard let number = Number(try word(index)) else { throw .badLine(line, "\(words[index]) is no number") }
            return number
        }

        private func address(_ family: IPAddress.Family) throws(ZoneTextError) -> IPAddress {
            guard let address = IPAddress(try word(0)), address.family == family else {
                throw .badLine(line, "\(words[0]) is no such address")
            }
            return address
        }

        /// Each word as a string behind its length, quotation marks around it left out.
        private func strings() throws(ZoneTextError) -> [UInt8] {
            var octets: [UInt8] = []
            _ = try word(0)
            for word in words {
                let text = Array(word.utf8.filter { $0 != UInt8(ascii: "\"") })
                guard let length = UInt8(exactly: text.count) else { throw .badLine(line, "\(word) is too long") }
                octets += [length] + text
            }
            return octets
        }

        /// The octets in all the words from here on.
        private func hex(_ index: Int) throws(ZoneTextError) -> [UInt8] {
            let digits = words.dropFirst(index).joined().compactMap(\.hexDigitValue)
            guard digits.count % 2 == 0, digits.count == words.dropFirst(index).joined().count else {
                throw .badLine(line, "not hexadecimal octets")
            }
            return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        }
    }
}
