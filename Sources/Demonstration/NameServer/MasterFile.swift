internal import DNSMessages

/// Records as text that every name server reads (RFC 1035 §5.1, RFC 3597 §5).
enum MasterFile {
    /// One line for each record, its data as octets: `www.test. 300 IN TYPE1 \# 4 c0000201`.
    static func text(_ records: [DNSRecord]) -> String {
        records.map { record in
            let data = record.wire.dropFirst(record.owner.wire.count + fixedOctets)
            return "\(absolute(record.owner)) \(record.timeToLive) IN TYPE\(record.type.rawValue) \\# "
                + "\(data.count) \(hexadecimal(data))\n"
        }.joined()
    }

    /// A name with its final dot.
    static func absolute(_ name: DNSName) -> String { name.isRoot ? "." : "\(name)." }

    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        octets.map { octet in
            let digits = String(octet, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    /// Type, class, time to live and length, between a record's owner and its data.
    private static let fixedOctets = 10
}
