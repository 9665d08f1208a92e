internal import DNSMessages
internal import XMPPModel

/// The name that a name server's certificate has to be for (RFC 8310 §8.1, RFC 9525 §6): a domain, or an address.
///
/// The subject is never looked at (DP-04).
enum ReferenceIdentity: Hashable, Sendable {
    /// A domain in A-label form, lower case, without a final dot.
    case domain(String)
    /// An address.
    case address(IPAddress)

    init(_ text: String) {
        if let address = IPAddress(text) {
            self = .address(address)
        } else {
            let lowered = text.lowercased()
            self = .domain(lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered)
        }
    }

    /// What the handshake announces; an address is no server name (RFC 6066 §3).
    var serverName: String? {
        guard case .domain(let name) = self else { return nil }
        return name
    }

    /// Whether a certificate has it.
    ///
    /// - Parameter unusable: Kinds of name that the path's name constraints leave open.
    func isNamed(in certificate: PeerCertificate, unusable: Set<PeerCertificate.NameKind>) -> Bool {
        certificate.subjectAlternativeNames.contains { name in
            switch (name, self) {
            case (.dnsName(let presented), .domain(let domain)):
                !unusable.contains(.dnsName) && Self.matches(presented.lowercased(), domain)
            case (.ipAddress(let octets), .address(let address)):
                !unusable.contains(.ipAddress) && octets == address.octets
            default: false
            }
        }
    }

    /// A wildcard counts only as the whole left-most label, and stands for exactly one (RFC 9525 §6.3).
    private static func matches(_ presented: String, _ domain: String) -> Bool {
        guard presented.contains("*") else { return presented == domain }
        guard presented.hasPrefix("*."), !presented.dropFirst(2).contains("*"), presented.utf8.count > 2,
            let dot = domain.firstIndex(of: "."), dot != domain.startIndex
        else { return false }
        return domain[dot...] == presented.dropFirst()
    }
}
