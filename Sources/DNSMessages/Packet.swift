internal import CLdns

/// A message being encoded; owns the ldns packet and frees it exactly once.
struct Packet: ~Copyable {
    private let handle: UnsafeMutablePointer<ldns_pkt>

    init(identifier: UInt16, flags: UInt16) throws(DNSMessageFailure) {
        guard let handle = ldns_pkt_new() else { throw .notEncodable }
        self.handle = handle
        ldns_pkt_set_id(handle, identifier)
        ldns_pkt_set_qr(handle, flags & MessageFormat.response != 0)
        ldns_pkt_set_aa(handle, flags & MessageFormat.authoritative != 0)
        ldns_pkt_set_tc(handle, flags & MessageFormat.truncated != 0)
        ldns_pkt_set_rd(handle, flags & MessageFormat.recursionDesired != 0)
        ldns_pkt_set_ra(handle, flags & MessageFormat.recursionAvailable != 0)
        ldns_pkt_set_ad(handle, flags & MessageFormat.authenticated != 0)
        ldns_pkt_set_cd(handle, flags & MessageFormat.checkingDisabled != 0)
        ldns_pkt_set_rcode(handle, UInt8(truncatingIfNeeded: flags & MessageFormat.codeMask))
    }

    deinit { ldns_pkt_free(handle) }

    borrowing func ask(_ name: [UInt8], _ type: RecordType) throws(DNSMessageFailure) {
        var wire = name
        wire.appendBigEndian(type.rawValue)
        wire.appendBigEndian(MessageFormat.classInternet)
        try push(wire, to: LDNS_SECTION_QUESTION)
    }

    borrowing func add(_ record: DNSRecord, to part: DNSMessagePart) throws(DNSMessageFailure) {
        let section =
            switch part {
            case .answer: LDNS_SECTION_ANSWER
            case .authority: LDNS_SECTION_AUTHORITY
            case .additional, .header, .question: LDNS_SECTION_ADDITIONAL
            }
        try push(record.wire, to: section)
    }

    /// The octets, with the pseudo record of EDNS put last, which the library could give no padding.
    borrowing func encode(
        with extended: ExtendedHeader? = nil, paddedTo block: Int? = nil
    ) throws(DNSMessageFailure) -> [UInt8] {
        var octets = try self.octets()
        try extended?.append(to: &octets, paddedTo: block)
        return octets
    }

    private borrowing func octets() throws(DNSMessageFailure) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_pkt2wire(&buffer, handle, &size) == LDNS_STATUS_OK, let buffer else { throw .notEncodable }
        defer { ligase_ldns_release(buffer) }
        guard size <= MessageFormat.maximumOctets else { throw .notEncodable }
        return Array(UnsafeBufferPointer(start: buffer, count: size))
    }

    private borrowing func push(_ wire: [UInt8], to section: ldns_pkt_section) throws(DNSMessageFailure) {
        var record: UnsafeMutablePointer<ldns_rr>?
        var position = 0
        let status = wire.withUnsafeBufferPointer { buffer in
            ldns_wire2rr(&record, buffer.baseAddress, buffer.count, &position, section)
        }
        guard status == LDNS_STATUS_OK, let record else { throw .notEncodable }
        // The library writes some rare types otherwise than it reads them, SINK for one.
        guard Self.octets(of: record, in: section) == wire else {
            ldns_rr_free(record)
            throw .notEncodable
        }
        // From here the packet owns the record, unless it refuses it.
        guard ldns_pkt_push_rr(handle, section, record) else {
            ldns_rr_free(record)
            throw .notEncodable
        }
    }

    private static func octets(of record: UnsafeMutablePointer<ldns_rr>, in section: ldns_pkt_section) -> [UInt8]? {
        var buffer: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_rr2wire(&buffer, record, Int32(section.rawValue), &size) == LDNS_STATUS_OK, let buffer else {
            return nil
        }
        defer { ligase_ldns_release(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: size))
    }
}
