/// The canonical form of a set of records, which is what a signature signs (RFC 4034 §6, RFC 6840 §5.1).
enum CanonicalForm {
    /// The octets that a signature covers: its own fields and the records (RFC 4034 §3.1.8.1).
    ///
    /// - Returns: nil when the records are not one set, not the one that the signature names, or too long for DNS.
    static func signedOctets(of records: [DNSRecord], under signature: RecordSignature) -> [UInt8]? {
        guard let first = records.first, first.type == signature.coveredType, first.owner == signature.owner,
            records.allSatisfy({ $0.owner == first.owner && $0.type == first.type }),
            let owner = signedOwner(of: first.owner, labels: Int(signature.labels))
        else { return nil }
        var start = owner.wire
        start.appendBigEndian(first.type.rawValue)
        start.appendBigEndian(MessageFormat.classInternet)
        start.appendBigEndian(signature.originalTimeToLive)

        var signed = signature.prefix
        for data in sortedData(of: records) {
            guard let count = UInt16(exactly: data.count) else { return nil }
            signed += start
            signed.appendBigEndian(count)
            signed += data
        }
        return signed
    }

    /// The name as it stands in the zone: the wildcard that an answer was made from, or the owner itself.
    ///
    /// - Returns: nil when the signature claims more labels than the owner has (RFC 4035 §5.3.1).
    static func signedOwner(of owner: DNSName, labels: Int) -> DNSName? {
        let available = owner.labelCount - (owner.isWildcard ? 1 : 0)
        guard labels <= available else { return nil }
        return labels == available ? owner : owner.suffix(labels: labels).wildcard
    }

    /// The data of the records as octets, each once, in ascending order.
    private static func sortedData(of records: [DNSRecord]) -> [[UInt8]] {
        if records.count == 1 { return records.map(data) }
        var sorted: [[UInt8]] = []
        for data in records.map(data).sorted(by: { $0.lexicographicallyPrecedes($1) }) where data != sorted.last {
            sorted.append(data)
        }
        return sorted
    }

    /// The data of a record with the names in it in lower case, where the type demands it.
    static func data(of record: DNSRecord) -> [UInt8] {
        // Only these octets stand as they were sent; the names of the other cases are in lower case already.
        guard case .other(var octets) = record.data else { return record.data.octets }
        guard let layout = layouts[record.type] else { return octets }
        var position = 0
        for field in layout {
            switch field {
            case .octets(let count):
                position += count
            case .text:
                guard position < octets.count else { return octets }
                position += 1 + Int(octets[position])
            case .addressSuffix:
                // A6: the length of the prefix, the rest of the address, and a name only if there is a prefix.
                guard let prefix = octets.first, 1...128 ~= prefix else { return octets }
                position += 1 + (128 - Int(prefix) + 7) / 8
            case .name:
                // What has no form stays as it is: the signature decides.
                guard let (name, end) = DNSName.uncompressed(in: octets, at: position) else { return octets }
                octets.replaceSubrange(position..<end, with: name.wire)
                position = end
            }
        }
        return octets
    }

    private enum Field {
        case octets(Int)
        case text
        case addressSuffix
        case name
    }

    /// The types whose names are lower case in the canonical form, up to their last name.
    ///
    /// NSEC is missing on purpose (RFC 6840 §5.1), and younger types are compared as octets (RFC 3597 §7).
    private static let layouts: [RecordType: [Field]] = {
        let byNumber: [UInt16: [Field]] = [
            2: [.name],  // NS
            3: [.name],  // MD
            4: [.name],  // MF
            5: [.name],  // CNAME
            6: [.name, .name],  // SOA
            7: [.name],  // MB
            8: [.name],  // MG
            9: [.name],  // MR
            12: [.name],  // PTR
            14: [.name, .name],  // MINFO
            15: [.octets(2), .name],  // MX
            17: [.name, .name],  // RP
            18: [.octets(2), .name],  // AFSDB
            21: [.octets(2), .name],  // RT
            24: [.octets(18), .name],  // SIG
            26: [.octets(2), .name, .name],  // PX
            30: [.name],  // NXT
            33: [.octets(6), .name],  // SRV
            35: [.octets(4), .text, .text, .text, .name],  // NAPTR
            36: [.octets(2), .name],  // KX
            38: [.addressSuffix, .name],  // A6
            39: [.name],  // DNAME
            46: [.octets(18), .name],  // RRSIG
        ]
        return Dictionary(uniqueKeysWithValues: byNumber.map { (RecordType(rawValue: $0.key), $0.value) })
    }()
}
