public import XMPPModel

/// A question to the world that a prooftype cannot answer by itself.
public enum EvidenceRequest: Hashable, Sendable {
    /// The SRV records of a domain, with their security status (CM-14).
    case serviceRecords(of: DomainName)
    /// The TLSA records of one endpoint, looked up after its addresses, on which they rest (RFC 7673 §3.2 and §3.3).
    ///
    /// The host is in A-label form without a final dot, as the service record names it.
    case tlsaRecords(host: String, port: UInt16)
    /// What a domain publishes by POSH for a service (RFC 7711 §3).
    case publishedKeys(of: DomainName, for: ClaimedService = .server)
}
