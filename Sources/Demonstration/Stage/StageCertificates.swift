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
        trusted = try Self.authority(Self.name, now: now)
        stranger = try Self.authority(Self.name, now: now)
    }

    /// The name of the trusted authority, and of the stranger that would like to be taken for it.
    private static let name = "Verona Root"

    /// What every daemon trusts, in PEM.
    var trustAnchor: [UInt8] { trusted.issued.certificatePEM }

    /// A certificate and key for a player.
    func issue(for player: Player) throws(StageFailure) -> IssuedCertificate {
        try issue(for: player.certifiedNames, by: authority(of: player))
    }

    /// A certificate and key for a web server.
    func issue(forWebServerOf domain: String) throws(StageFailure) -> IssuedCertificate {
        try issue(for: [domain], by: trusted)
    }

    private func issue(
        for names: [String], by authority: CertificateAuthority
    ) throws(StageFailure) -> IssuedCertificate {
        let template = CertificateTemplate(
            commonName: names.first ?? "", names: names.map { .dns($0) }, notBefore: now - Self.before,
            notAfter: now + Self.after,
            extendedKeyUsage: .only([.serverAuthentication, .clientAuthentication]))
        do throws(IssuingFailure) {
            return try authority.issue(template)
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }

    private func authority(of player: Player) throws(StageFailure) -> CertificateAuthority {
        switch player.issuer {
        case .trusted: trusted
        case .stranger: stranger
        case .itself: try Self.authority("\(player.domain) itself", now: now)
        }
    }

    private static func authority(_ name: String, now: Int64) throws(StageFailure) -> CertificateAuthority {
        do throws(IssuingFailure) {
            return try CertificateAuthority.root(
                CertificateTemplate(
                    commonName: name, notBefore: now - before, notAfter: now + after, isAuthority: true))
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }
}
