public import XMPPModel

/// The data of a resource record, for the types that Ligase looks into.
public enum RecordData: Hashable, Sendable {
    /// An IPv4 address.
    case a(IPAddress)
    /// An IPv6 address.
    case aaaa(IPAddress)
    /// Where a service is (RFC 2782); the target is ``DNSName/root`` when the service is not available.
    case srv(priority: UInt16, weight: UInt16, port: UInt16, target: DNSName)
    /// The name that the owner is an alias of.
    case cname(DNSName)
    /// A name server.
    case ns(DNSName)
    /// The start of a zone.
    case soa(StartOfAuthority)
    /// A certificate association (RFC 6698 §2.1).
    case tlsa(TLSARecord)
    /// Any other type: its octets on the wire, with names uncompressed where the type allows compression.
    case other([UInt8])
}
