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
    /// The keys that the domain was proved with before and that are believed; none where all of them came unexplained and
    /// such are refused.
    public let former: [KnownKey]
    /// The prooftype that speaks for the new key; nil when none does.
    public let explanation: ProoftypeName?

    /// The change that a claim makes; nil for the first key of a domain, for one that is believed, and for none.
    ///
    /// Where unexplained keys are refused, one that was accepted with an alarm is not believed for having been there: it may
    /// be the very reason for which the policy was made stricter.
    init?(in claim: DomainClaim, under response: Response, explanation: ProoftypeName?) {
        guard !claim.knownKeys.isEmpty, let key = claim.certificates.first?.subjectPublicKeyInfoSHA256 else {
            return nil
        }
        let believed = claim.knownKeys.filter { response == .log || $0.origin != .unexplained }
        guard !believed.contains(where: { $0.publicKeySHA256 == key }) else { return nil }
        domain = claim.claimedDomain
        publicKeySHA256 = key
        former = believed
        self.explanation = explanation
    }

    /// The key that came, in lower-case hexadecimal.
    public var fingerprint: String { KnownKey.fingerprint(of: publicKeySHA256) }

    /// In one line, for logs, evidence and bounces.
    public var summary: String {
        let keys = former.prefix(3).map { "\($0.fingerprint.prefix(16))… (\($0.prooftype))" }.joined(separator: ", ")
        let before =
            former.isEmpty
            ? "only with keys that nothing explained"
            : "\(keys)\(former.count > 3 ? " and \(former.count - 3) more" : "")"
        let change = "public key \(fingerprint.prefix(16))… is none that \(domain) was proved with before: \(before)"
        guard let explanation else { return "\(change); nothing that the domain publishes explains it" }
        return "\(change); \(explanation) explains it"
    }
}
