public import XMPPModel

/// A remote domain came with a key that it was not proved with before (RFC 7590 §3.6).
///
/// Whoever can have certificates issued for a domain, or sits before its server and answers an authority's challenge, is
/// proved by PKIX as the domain's own server is; that its key is another is all that can be seen of him.
public struct KeyChange: Hashable, Sendable {
    /// What is done about one that nothing explains.
    public enum Response: String, Hashable, Sendable, CaseIterable {
        /// The domain is accepted, with an alarm.
        case log
        /// The claim is refused.
        case refuse
    }

    /// The domain.
    public let domain: DomainName
    /// The key that came, as the SHA-256 digest of its SubjectPublicKeyInfo.
    public let publicKeySHA256: [UInt8]
    /// The keys that the domain was proved with before; at least one.
    public let former: [KnownKey]
    /// The prooftype that speaks for the new key; nil when none does.
    public let explanation: ProoftypeName?

    init(of domain: DomainName, to publicKeySHA256: [UInt8], from former: [KnownKey], explanation: ProoftypeName?) {
        self.domain = domain
        self.publicKeySHA256 = publicKeySHA256
        self.former = former
        self.explanation = explanation
    }

    /// The key that came, in lower-case hexadecimal.
    public var fingerprint: String { KnownKey.fingerprint(of: publicKeySHA256) }

    /// In one line, for logs, evidence and bounces.
    public var summary: String {
        let keys = former.prefix(3).map { "\($0.fingerprint.prefix(16))… (\($0.prooftype))" }.joined(separator: ", ")
        let before = "\(keys)\(former.count > 3 ? " and \(former.count - 3) more" : "")"
        let change = "public key \(fingerprint.prefix(16))… is none that \(domain) was proved with before: \(before)"
        guard let explanation else { return "\(change); nothing that the domain publishes explains it" }
        return "\(change); \(explanation) explains it"
    }
}
