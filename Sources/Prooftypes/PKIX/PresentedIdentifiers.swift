package import DomainAssociation
package import XMPPModel

/// The comparison of a certificate's names with a domain (RFC 9525 §6, RFC 6120 §13.7.1.2).
///
/// The subject's common name is never looked at (CM-07).
package enum PresentedIdentifiers {
    /// The name that matched.
    package struct Match: Hashable, Sendable {
        /// `DNS-ID`, `SRV-ID` or `XmppAddr`.
        package var kind: String
        /// The name as presented.
        package var name: String
    }

    /// The first name of `certificate` that stands for `domain`, or nil.
    ///
    /// - Parameters:
    ///   - service: The service that an SRVName has to name (CM-03, CC-03).
    ///   - unusable: Kinds of name that the path's name constraints leave open (CM-15).
    package static func match(
        _ certificate: PeerCertificate, _ domain: DomainName, service: ClaimedService = .server,
        unusable: Set<PeerCertificate.NameKind> = []
    ) -> Match? {
        let ascii = domain.ascii
        for name in certificate.subjectAlternativeNames {
            switch name {
            case .dnsName(let text) where !unusable.contains(.dnsName):
                if matchesDNSName(text, ascii) { return Match(kind: "DNS-ID", name: text) }
            case .srvName(let text) where !unusable.contains(.srvName):
                // Service and name belong together: neither may come from another identifier (CM-19).
                if text.lowercased() == "_\(service.rawValue).\(ascii)" {
                    return Match(kind: "SRV-ID", name: text)
                }
            case .xmppAddress(let text) where !unusable.contains(.xmppAddress):
                // An address with a localpart or a resource names no server, and is no domain either (CM-04).
                if (try? DomainName(text)) == domain { return Match(kind: "XmppAddr", name: text) }
            case .dnsName, .srvName, .xmppAddress, .ipAddress, .unusable: continue
            }
        }
        return nil
    }

    /// The first name that stands for one of several hosts, or nil; only where DNSSEC vouches for the way to them (CM-14).
    ///
    /// - Parameter unusable: Kinds of name that the path's name constraints leave open (CM-15).
    package static func match(
        _ certificate: PeerCertificate, hosts: [String], unusable: Set<PeerCertificate.NameKind> = []
    ) -> Match? {
        // A host is named as a host: the other forms name a service or an address, which the target is not.
        let unusable = unusable.union([.srvName, .xmppAddress])
        for text in hosts {
            guard let host = try? DomainName(text), let match = match(certificate, host, unusable: unusable) else {
                continue
            }
            return match
        }
        return nil
    }

    /// A wildcard counts only as the whole left-most label, and stands for exactly one (CM-05, CM-06).
    package static func matchesDNSName(_ presented: String, _ reference: String) -> Bool {
        let presented = presented.lowercased()
        guard presented.contains("*") else { return presented == reference }
        guard presented.hasPrefix("*."), !presented.dropFirst(2).contains("*") else { return false }
        let suffix = presented.dropFirst(1)
        guard suffix.count > 1, let firstDot = reference.firstIndex(of: "."), firstDot != reference.startIndex else {
            return false
        }
        return reference[firstDot...] == suffix
    }

    /// The names of a certificate for an operator, at most so many.
    package static func summary(_ certificate: PeerCertificate, limit: Int = 8) -> String {
        let names = certificate.subjectAlternativeNames.map { name in
            switch name {
            case .dnsName(let text): text
            case .srvName(let text): text
            case .xmppAddress(let text): "xmpp:\(text)"
            case .ipAddress: "an IP address"
            case .unusable(let kind, let reason, _): "an unusable \(kind) (\(reason))"
            }
        }
        guard !names.isEmpty else { return "no subjectAltName" }
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }
}
