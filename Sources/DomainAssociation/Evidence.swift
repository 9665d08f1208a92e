public import XMPPModel

/// What has been found out for a claim so far.
public struct Evidence: Hashable, Sendable {
    /// SRV records and what DNS says of their authenticity.
    public struct ServiceRecords: Hashable, Sendable {
        /// The records; empty when there are none or the lookup failed.
        public var records: [ServiceRecord]
        /// Whether DNSSEC vouches for them and every alias before them.
        public var isSecure: Bool
        /// Whether nobody knows: bogus, or the lookup failed, which is never to be read as "none" (DA-02).
        public var isUnknown: Bool
        /// When they have to be asked for again, in seconds since 1970; nil where nothing is known of it.
        public var expires: Int64?
        /// Why it does or does not, or why nobody knows: for operators.
        public var detail: String

        /// Makes an answer.
        public init(
            records: [ServiceRecord], isSecure: Bool, isUnknown: Bool = false, expires: Int64? = nil,
            detail: String = ""
        ) {
            self.records = records
            self.isSecure = isSecure
            self.isUnknown = isUnknown
            self.expires = expires
            self.detail = detail
        }
    }

    private struct Endpoint: Hashable {
        var host: String
        var port: UInt16
    }

    private struct Publication: Hashable {
        var domain: DomainName
        var service: ClaimedService
    }

    private var services: [DomainName: ServiceRecords] = [:]
    private var tlsaAnswers: [Endpoint: TLSAAnswer] = [:]
    private var publications: [Publication: PublishedKeys] = [:]

    /// Nothing is known yet.
    public init() {}

    /// The SRV records of a domain, or nil while nobody has asked.
    public func serviceRecords(of domain: DomainName) -> ServiceRecords? { services[domain] }

    /// Adds an answer.
    public mutating func add(_ records: ServiceRecords, of domain: DomainName) { services[domain] = records }

    /// The TLSA records of an endpoint, or nil while nobody has asked.
    public func tlsaRecords(host: String, port: UInt16) -> TLSAAnswer? {
        tlsaAnswers[Endpoint(host: host, port: port)]
    }

    /// Adds an answer.
    public mutating func add(_ answer: TLSAAnswer, host: String, port: UInt16) {
        tlsaAnswers[Endpoint(host: host, port: port)] = answer
    }

    /// What a domain publishes by POSH, or nil while nobody has asked.
    public func publishedKeys(of domain: DomainName, for service: ClaimedService = .server) -> PublishedKeys? {
        publications[Publication(domain: domain, service: service)]
    }

    /// Adds what was retrieved.
    public mutating func add(
        _ keys: PublishedKeys, of domain: DomainName, for service: ClaimedService = .server
    ) {
        publications[Publication(domain: domain, service: service)] = keys
    }
}
