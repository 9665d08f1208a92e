public import DNSMessages

/// What validation found, down to the record and the key: for operators, logs and evidence.
public struct ValidationReport: Hashable, Sendable {
    /// One step of the chain from the trust anchor to the answer.
    public struct Link: Hashable, Sendable {
        /// The zone that the step is about.
        public let zone: DNSName
        /// What the zone is after this step.
        public let status: SecurityStatus
        /// The record and the key, in words: `DS 12345 ECDSAP256SHA256 matches key 12345, which signs the DNSKEY set`.
        public let detail: String

        /// Makes a step.
        public init(zone: DNSName, status: SecurityStatus, detail: String) {
            self.zone = zone
            self.status = status
            self.detail = detail
        }
    }

    /// The status of the whole answer.
    public let status: SecurityStatus
    /// Why, in one sentence that names the record and the key.
    public let reason: String
    /// The steps, the trust anchor's first.
    public let chain: [Link]

    /// Makes a report.
    public init(status: SecurityStatus, reason: String, chain: [Link] = []) {
        self.status = status
        self.reason = reason
        self.chain = chain
    }
}
