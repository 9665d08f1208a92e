public import XMPPModel

/// What has been found out for a claim so far.
public struct Evidence: Hashable, Sendable {
    /// SRV records and what DNS says of their authenticity.
    public struct ServiceRecords: Hashable, Sendable {
        /// The records; empty when there are none or the lookup failed.
        public var records: [ServiceRecord]
        /// Whether DNSSEC vouches for them and every alias before them.
        public var isSecure: Bool
        /// Why it does or does not, or why nobody knows: for operators.
        public var detail: String

        /// Makes an answer.
        public init(records: [ServiceRecord], isSecure: Bool, detail: String = "") {
            self.records = records
            self.isSecure = isSecure
            self.detail = detail
        }
    }

    private var services: [DomainName: ServiceRecords] = [:]

    /// Nothing is known yet.
    public init() {}

    /// The SRV records of a domain, or nil while nobody has asked.
    public func serviceRecords(of domain: DomainName) -> ServiceRecords? { services[domain] }

    /// Adds an answer.
    public mutating func add(_ records: ServiceRecords, of domain: DomainName) { services[domain] = records }
}
