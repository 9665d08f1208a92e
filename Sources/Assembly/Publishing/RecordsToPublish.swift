internal import Prooftypes
public import XMPPModel

/// TLSA records for an operator, and where they belong (PO-23).
public struct RecordsToPublish: Sendable, Encodable {
    /// What is published of a certificate (RFC 6698 §2.1).
    public struct Parameters: Sendable {
        /// 0 to 3.
        public var usage: UInt8
        /// 0 or 1.
        public var selector: UInt8
        /// 0 to 2.
        public var matching: UInt8

        /// Collects the parameters.
        public init(usage: UInt8, selector: UInt8, matching: UInt8) {
            self.usage = usage
            self.selector = selector
            self.matching = matching
        }

        /// Which certificate of a chain they are about (RFC 6698 §2.1.1).
        public var part: CertificateSelection.Part { usage == 0 || usage == 2 ? .authority : .endEntity }
    }

    /// One record.
    public struct Record: Sendable, Encodable {
        /// Certificate usage.
        public var usage: UInt8
        /// Selector.
        public var selector: UInt8
        /// Matching type.
        public var matching: UInt8
        /// The association data in lower-case hexadecimal.
        public var data: String
        /// The line of a zone file.
        public var line: String
    }

    /// The owner name.
    public let name: String
    /// The records, each once.
    public let records: [Record]

    /// The lines of a zone file.
    public var text: String { records.map { $0.line + "\n" }.joined() }

    /// What has to be so for the records to count.
    public var place: String {
        let host = name.split(separator: ".").dropFirst(2).joined(separator: ".")
        return "the zone has to be signed (DNSSEC), and the SRV records have to lead to \(host)"
            + (records.first?.usage == 2 ? "; the server has to send this certificate in its chain" : "")
    }

    /// Makes the records.
    ///
    /// - Parameter host: The target of the service records.
    /// - Returns: nil for parameters that do not exist.
    public init?(of certificates: [PeerCertificate], _ parameters: Parameters, host: DomainName, port: UInt16) {
        let (usage, selector, matching) = (parameters.usage, parameters.selector, parameters.matching)
        name = "_\(port)._tcp.\(host.ascii)."
        var seen: Set<TLSARecord> = []
        var records: [Record] = []
        for certificate in certificates {
            let record = TLSAPublication.record(
                for: certificate, usage: usage, selector: selector, matching: matching)
            guard let record else { return nil }
            guard seen.insert(record).inserted else { continue }
            let line = TLSAPublication.line(record, host: host.ascii, port: port)
            records.append(
                Record(
                    usage: usage, selector: selector, matching: matching,
                    data: line.split(separator: " ").last.map(String.init) ?? "", line: line))
        }
        self.records = records
    }
}
