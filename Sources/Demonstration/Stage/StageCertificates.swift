internal import TransportSecurity
internal import XMPPModel

/// The private authorities of a demonstration.
struct StageCertificates {
    private let trusted: CertificateAuthority
    private let stranger: CertificateAuthority
    private let now: Int64

    /// A demonstration that is kept running for longer than a day sees them expire.
    private static let before: Int64 = 3_600
    private static let after: Int64 = 86_400

    /// - Parameter now: Seconds since 1970.
    init(now: Int64) throws(StageFailure) {
        self.now = now
        trusted = try Self.authority(now: now)
        stranger = try Self.authority(now: now)
    }

    /// What every daemon trusts, in PEM.
    var trustAnchor: [UInt8] { trusted.issued.certificatePEM }

    /// A certificate and key for a player's domain.
    func issue(for player: Player) throws(StageFailure) -> IssuedCertificate {
        let template = CertificateTemplate(
            commonName: player.domain, names: [.dns(player.domain)], notBefore: now - Self.before,
            notAfter: now + Self.after,
            extendedKeyUsage: .only([.serverAuthentication, .clientAuthentication]))
        let authority = player.issuer == .trusted ? trusted : stranger
        do throws(IssuingFailure) {
            return try authority.issue(template)
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }

    private static func authority(now: Int64) throws(StageFailure) -> CertificateAuthority {
        do throws(IssuingFailure) {
            return try CertificateAuthority.root(
                CertificateTemplate(
                    commonName: "Verona Root", notBefore: now - before, notAfter: now + after, isAuthority: true))
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }
}
