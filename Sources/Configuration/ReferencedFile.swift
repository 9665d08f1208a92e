public import XMPPModel

/// A file that the configuration names, so that a later stage can check it and say where it was named.
public struct ReferencedFile: Sendable, Hashable {
    /// What the file is for.
    public enum Purpose: Sendable, Hashable {
        /// A PEM certificate chain, the domain's own certificate first.
        case certificate
        /// The PEM private key of the certificate with the same `keyPath` prefix and position's table.
        case privateKey
        /// A PEM certificate that is published although nobody presents it yet, or any more.
        case publishedCertificate
        /// PEM certificates that chains may end at, for XMPP.
        case trustAnchors
        /// A certificate revocation list, PEM or DER.
        case revocationList
        /// What a prooftype with settings of its own reads.
        case prooftypeMaterial
        /// The secret that a component authenticates with.
        case componentSecret
        /// DNSSEC trust anchors: DS or DNSKEY records.
        case signedZoneTrustAnchor
        /// PEM certificates that name servers' chains may end at.
        case nameServerTrustAnchors
        /// The password for a DNS-over-HTTPS server.
        case nameServerPassword
        /// The PEM certificate that we present to a name server.
        case nameServerClientCertificate
        /// The PEM private key of that certificate.
        case nameServerClientKey
    }

    /// The path, already relative to the file that names it.
    public var path: String
    /// What the file is for.
    public var purpose: Purpose
    /// The key with its tables, as `tls.certificate`.
    public var keyPath: String
    /// Where it is named; `nil` for a default that no file mentions, which need not exist unless it is needed.
    public var position: SourcePosition?
    /// The hosted domain whose certificate, key or secret it is; `nil` outside `[[domain]]`.
    public var domain: DomainName?

    /// Makes a record of one named file.
    public init(
        path: String, purpose: Purpose, keyPath: String, position: SourcePosition?, domain: DomainName? = nil
    ) {
        self.path = path
        self.purpose = purpose
        self.keyPath = keyPath
        self.position = position
        self.domain = domain
    }
}
