internal import CLdns
internal import XMPPModel

/// The data fields of one record as ldns read them; owns the ldns object and frees it exactly once.
struct RecordFields: ~Copyable {
    private let handle: UnsafeMutablePointer<ldns_rr>
    private let type: RecordType

    /// Lends the fields of the record that occupies `start..<end` of a message.
    ///
    /// - Throws: ``DNSMessageFailure/badRecord(_:)`` when ldns cannot read it or reads another length.
    static func read<Value>(
        _ octets: [UInt8], at start: Int, end: Int, type: RecordType,
        _ body: (borrowing RecordFields) throws(DNSMessageFailure) -> Value
    ) throws(DNSMessageFailure) -> Value {
        var handle: UnsafeMutablePointer<ldns_rr>?
        var position = start
        // Up to `end` only: compression points backwards, so ldns needs nothing of what follows.
        let status = octets.withUnsafeBufferPointer { buffer in
            ldns_wire2rr(&handle, buffer.baseAddress, end, &position, LDNS_SECTION_ANSWER)
        }
        guard status == LDNS_STATUS_OK, let handle else { throw .badRecord(type) }
        let fields = RecordFields(handle: handle, type: type)
        guard position == end else { throw .badRecord(type) }
        return try body(fields)
    }

    private init(handle: UnsafeMutablePointer<ldns_rr>, type: RecordType) {
        self.handle = handle
        self.type = type
    }

    deinit { ldns_rr_free(handle) }

    borrowing func data(of type: RecordType) throws(DNSMessageFailure) -> RecordData {
        switch type {
        case .a: return .a(try address(0))
        case .aaaa: return .aaaa(try address(0))
        case .ns: return .ns(try name(0))
        case .cname: return .cname(try name(0))
        case .srv:
            return .srv(
                priority: try number(0), weight: try number(1), port: try number(2), target: try name(3))
        case .soa:
            return .soa(
                StartOfAuthority(
                    primaryServer: try name(0), responsibleMailbox: try name(1), serial: try number(2),
                    refresh: try number(3), retry: try number(4), expire: try number(5), minimum: try number(6)))
        case .tlsa:
            let data = ldns_rr_rd_count(handle) > 3 ? try octets(3) : []
            return .tlsa(
                TLSARecord(usage: try number(0), selector: try number(1), matching: try number(2), data: data))
        default:
            var all: [UInt8] = []
            for index in 0..<ldns_rr_rd_count(handle) { all += try octets(index) }
            return .other(all)
        }
    }

    private borrowing func octets(_ index: Int) throws(DNSMessageFailure) -> [UInt8] {
        guard let field = ldns_rr_rdf(handle, index) else { throw .badRecord(type) }
        return Array(UnsafeBufferPointer(start: ldns_rdf_data(field), count: ldns_rdf_size(field)))
    }

    private borrowing func number<Number: FixedWidthInteger>(_ index: Int) throws(DNSMessageFailure) -> Number {
        let octets = try octets(index)
        guard octets.count == Number.bitWidth / 8 else { throw .badRecord(type) }
        return Number(truncatingIfNeeded: octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private borrowing func name(_ index: Int) throws(DNSMessageFailure) -> DNSName {
        do {
            return try DNSName(wire: try octets(index))
        } catch {
            throw .badRecord(type)
        }
    }

    private borrowing func address(_ index: Int) throws(DNSMessageFailure) -> IPAddress {
        guard let address = IPAddress(octets: try octets(index)) else { throw .badRecord(type) }
        return address
    }
}
