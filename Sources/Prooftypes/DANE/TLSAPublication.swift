internal import TransportSecurity
public import XMPPModel

/// The TLSA records that a domain publishes for its certificates (RFC 6698 §2, PO-23).
public enum TLSAPublication {
    /// The record for a certificate; nil for a selector or matching type that does not exist.
    public static func record(
        for certificate: PeerCertificate, usage: UInt8 = 3, selector: UInt8 = 1, matching: UInt8 = 1
    ) -> TLSARecord? {
        guard usage <= 3 else { return nil }
        let value: [UInt8]
        switch selector {
        case 0: value = certificate.der
        case 1: value = certificate.subjectPublicKeyInfo
        default: return nil
        }
        switch matching {
        case 0: return TLSARecord(usage: usage, selector: selector, matching: matching, data: value)
        case 1: return TLSARecord(usage: usage, selector: selector, matching: matching, data: Digest.sha256(value))
        case 2: return TLSARecord(usage: usage, selector: selector, matching: matching, data: Digest.sha512(value))
        default: return nil
        }
    }

    /// A line of a zone file: `_5269._tcp.host.example. IN TLSA 3 1 1 …`.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - host: The target of the service records, in A-label form.
    ///   - port: The port there.
    public static func line(_ record: TLSARecord, host: String, port: UInt16) -> String {
        let name = host.hasSuffix(".") ? host : "\(host)."
        let digits = Array("0123456789abcdef".utf8)
        let data = String(
            decoding: record.data.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        return "_\(port)._tcp.\(name) IN TLSA \(record.usage) \(record.selector) \(record.matching) \(data)"
    }

    /// The lines for a roll-over: all of the certificates, each record once.
    public static func lines(
        for certificates: [PeerCertificate], host: String, port: UInt16, usage: UInt8 = 3, selector: UInt8 = 1,
        matching: UInt8 = 1
    ) -> [String] {
        var seen: Set<TLSARecord> = []
        return certificates.compactMap { record(for: $0, usage: usage, selector: selector, matching: matching) }
            .filter { seen.insert($0).inserted }.map { line($0, host: host, port: port) }
    }
}
