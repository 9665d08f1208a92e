internal import DNSMessages
public import DomainAssociation
public import NameResolution
internal import XMPPModel

extension Evidence.ServiceRecords {
    /// What a resolution says, as evidence: records that DNSSEC vouches for, or none.
    ///
    /// - Parameter now: Seconds since 1970.
    init(_ resolution: ServiceResolution, at now: Int64) {
        switch resolution {
        case .endpoints(let endpoints):
            // Where the lack of records is proved, the domain itself is the endpoint (DA-19).
            let secure = endpoints.filter { $0.security == .secure }
            let records = secure.compactMap { endpoint -> ServiceRecord? in
                guard case .name(let host) = endpoint.host else { return nil }
                // They stand in the order in which they are to be tried, which is all that priorities are for.
                return ServiceRecord(priority: 0, weight: 0, port: endpoint.port, target: host.description)
            }
            let reason = (secure.first ?? endpoints.first)?.reason
            self.init(
                records: records, isSecure: !records.isEmpty,
                expires: secure.compactMap { $0.expires(at: now) }.min(),
                detail: reason ?? (records.isEmpty ? "DNSSEC vouches for no service record" : "secure"))
        case .notOffered(let reason):
            self.init(records: [], isSecure: false, detail: reason)
        case .nameDoesNotExist:
            self.init(records: [], isSecure: false, detail: "the domain does not exist in DNS")
        case .failed(let failure):
            self.init(records: [], isSecure: false, isUnknown: true, detail: "\(failure)")
        }
    }
}

extension TLSAAnswer {
    /// What a resolution says, as evidence.
    ///
    /// - Parameter now: Seconds since 1970.
    public init(_ resolution: TLSAResolution, port: UInt16, at now: Int64) {
        let content: Content
        let reason: String
        if let failure = resolution.failure {
            content = .unknown
            reason = "\(failure)"
        } else if !resolution.records.isEmpty {
            content = .records(resolution.records)
            reason = resolution.report?.reason ?? "secure"
        } else {
            content = .absent
            reason = resolution.report?.reason ?? "the addresses are not secure"
        }
        self.init(
            content, base: resolution.base.description, port: port,
            expires: content == .records(resolution.records) || resolution.lifetime > .zero
                ? now + resolution.lifetime.components.seconds : nil,
            detail: content == .unknown ? reason : "\(resolution.security): \(reason)")
    }
}

extension Delegation {
    /// What the service records say of an endpoint; of its addresses nothing is known yet.
    ///
    /// - Parameter now: Seconds since 1970.
    public init(to endpoint: ServiceEndpoint, at now: Int64) {
        self.init(
            to: endpoint.host.description, port: endpoint.port, isSecure: endpoint.security == .secure,
            detail: "\(endpoint.security)" + (endpoint.reason.map { ": \($0)" } ?? ""),
            expires: endpoint.expires(at: now))
    }
}

extension ServiceEndpoint {
    /// When the records that led here have to be asked for again, in seconds since 1970.
    fileprivate func expires(at now: Int64) -> Int64? { lifetime.map { now + $0.components.seconds } }
}
