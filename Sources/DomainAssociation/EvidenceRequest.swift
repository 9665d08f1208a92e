public import XMPPModel

/// A question to the world that a prooftype cannot answer by itself.
public enum EvidenceRequest: Hashable, Sendable {
    /// The SRV records of a domain, with their security status (CM-14).
    case serviceRecords(of: DomainName)
}
