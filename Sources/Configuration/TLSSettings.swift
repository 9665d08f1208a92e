/// `[tls]`: our certificate and how other certificates are judged.
public struct TLSSettings: Sendable, Hashable {
    /// A version of TLS.
    public enum Version: String, Sendable, Hashable, CaseIterable {
        /// TLS 1.2 (RFC 5246).
        case tls12 = "1.2"
        /// TLS 1.3 (RFC 8446).
        case tls13 = "1.3"
    }

    /// `certificate`: path of the PEM chain that is used where a domain has none of its own.
    public var certificate = "tls/fullchain.pem"
    /// `private_key`: path of its PEM key.
    public var privateKey = "tls/privkey.pem"
    /// `trust_anchors`: what other servers' chains may end at.
    public var trustAnchors = TrustAnchors.system
    /// `minimum_version`.
    public var minimumVersion = Version.tls12
    /// `crl`: paths of revocation lists, PEM or DER.
    public var revocationLists: [String] = []
    /// `present_certificate`: `false` withholds our certificate when we dial (RFC 7712 §4.4.1).
    public var presentsCertificate = true

    /// The defaults, with paths relative to the working directory.
    public init() {}

    init(reading table: TableReader) {
        certificate = table.file("certificate", for: .certificate, default: certificate)
        privateKey = table.file("private_key", for: .privateKey, default: privateKey)
        trustAnchors = table.trustAnchors("trust_anchors", for: .trustAnchors) ?? trustAnchors
        minimumVersion = table.choice("minimum_version", default: minimumVersion)
        revocationLists = table.files("crl", for: .revocationList)
        if !revocationLists.isEmpty {
            table.requires(.revocationLists, for: "crl", "revocation lists are not built yet", mend: "remove it")
        }
        presentsCertificate = table.boolean("present_certificate", default: presentsCertificate)
        if !presentsCertificate { table.needs(.withheldCertificate, for: "present_certificate") }
        table.finish()
    }
}
