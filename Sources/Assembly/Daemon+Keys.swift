internal import Administration
internal import DomainAssociation
internal import Federation
internal import TransportSecurity
internal import XMPPModel

/// The keys that remote domains were proved with, as an operator sees them.
extension Daemon {
    func keys(of domain: DomainName?) -> AdministrationReply {
        .keys(service.knownKeys.all(of: domain).flatMap { Self.summaries(of: $0.keys, of: $0.domain) })
    }

    func forgetKeys(of domain: DomainName) -> AdministrationReply {
        let known = service.knownKeys.forget(domain)
        guard !known.isEmpty else {
            return .failed(AdministrationFailure("no key of \(domain) is known", exitCode: .noHost))
        }
        return .keysForgotten(KeysForgottenReply(domain: domain, forgotten: Self.summaries(of: known, of: domain)))
    }

    private static func summaries(of keys: [KnownKey], of domain: DomainName) -> [KnownKeySummary] {
        keys.map { key in
            KnownKeySummary(
                domain: domain, sha256: key.fingerprint, pin: Base64.encode(key.publicKeySHA256),
                prooftype: key.prooftype.description, origin: key.origin.rawValue,
                firstSeen: Timestamp(secondsSince1970: key.firstSeen),
                lastSeen: Timestamp(secondsSince1970: key.lastSeen))
        }
    }
}
