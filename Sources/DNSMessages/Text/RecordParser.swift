internal import CLdns

/// Reads one record in text by the library.
enum RecordParser {
    static func record(
        _ text: [UInt8], line: Int, origin: DNSName, timeToLive: UInt32, previousOwner: DNSName?
    ) throws(MasterFileError) -> DNSRecord {
        let originField = field(origin)
        var previousField = previousOwner.flatMap(field)
        var handle: UnsafeMutablePointer<ldns_rr>?
        defer {
            ldns_rdf_deep_free(originField)
            ldns_rdf_deep_free(previousField)
            ldns_rr_free(handle)
        }
        let status = (text + [0]).withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { text in
                ldns_rr_new_frm_str(&handle, text.baseAddress, timeToLive, originField, &previousField)
            }
        }
        guard status == LDNS_STATUS_OK, let handle else {
            throw .notARecord(line: line, reason: reason(status))
        }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard ldns_rr2wire(&buffer, handle, Int32(LDNS_SECTION_ANSWER.rawValue), &size) == LDNS_STATUS_OK, let buffer
        else { throw .notARecord(line: line, reason: "it cannot be put into octets") }
        defer { ligase_ldns_release(buffer) }
        var reader = MessageReader(Array(UnsafeBufferPointer(start: buffer, count: size)))
        guard let section = try? RecordReader.section(.answer, count: 1, from: &reader),
            let record = section.records.first
        else { throw .notARecord(line: line, reason: "its data are malformed, or its class is not IN") }
        return record
    }

    private static func field(_ name: DNSName) -> UnsafeMutablePointer<ldns_rdf>? {
        name.wire.withUnsafeBytes { wire in
            ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.count, wire.baseAddress)
        }
    }

    private static func reason(_ status: ldns_status) -> String {
        ldns_get_errorstr_by_id(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
    }
}
