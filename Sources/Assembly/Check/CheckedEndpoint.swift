internal import DNSMessages
internal import DomainAssociation
internal import NameResolution
internal import XMPPModel

/// One place where the domain takes connections, with all that DNS says of it.
struct CheckedEndpoint {
    let host: String
    let port: UInt16
    let directTLS: Bool
    /// In the order in which they are tried; empty where there are none.
    var addresses: [IPAddress] = []
    /// How DNS led there; nil for a route of the configuration, and for an address literal.
    var delegation: Delegation?
    /// Why it is not contacted; nil where it is.
    var refusal: String?

    /// As steps name it.
    var name: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    /// How TLS begins, in words.
    var method: String { directTLS ? "direct TLS" : "STARTTLS" }
    /// The TLSA records that DNSSEC vouches for; TLS is mandatory where there are any (DA-08, DA-09).
    var associations: [TLSARecord] { delegation?.tlsa?.records ?? [] }
}
