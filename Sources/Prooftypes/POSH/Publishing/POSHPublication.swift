internal import DomainAssociation
internal import TransportSecurity
public import XMPPModel

/// The text of the documents that a domain publishes (PO-23): of certificates alone, so that nothing private can be in it.
public enum POSHPublication {
    /// The forms of a document.
    public enum Form: String, Hashable, Sendable, CaseIterable {
        /// RFC 7711: fingerprints by SHA-256 and SHA-512.
        case rfc7711
        /// The JWK set of draft-miller-posh-02, with `x5t#S256` besides `x5t`.
        case draft
    }

    /// What a document may be kept for by HTTP caches (RFC 7711 §6): `Cache-Control`.
    public static let cacheControl = "max-age=60"

    /// The media type of a form.
    public static func mediaType(_ form: Form) -> String {
        form == .draft ? "application/jwk-set+json" : "application/json"
    }

    /// The document for these certificates, the most relevant first: for a roll-over both the new and the old one.
    ///
    /// - Parameters:
    ///   - form: Of RFC 7711, or of the draft.
    ///   - certificates: The end-entity certificates; one that stands twice is written once.
    ///   - expires: For how many seconds it counts.
    /// - Throws: ``POSHPublicationFault`` when there would be no document that others accept.
    public static func document(
        _ form: Form, of certificates: [PeerCertificate], expires: Int64
    ) throws(POSHPublicationFault) -> String {
        guard expires > 0 else { throw .badExpiry }
        var seen: Set<[UInt8]> = []
        let distinct = certificates.filter { seen.insert($0.der).inserted }
        guard !distinct.isEmpty else { throw .noCertificate }
        var entries: [String] = []
        for certificate in distinct {
            entries.append(try form == .draft ? webKey(certificate) : descriptor(certificate))
        }
        return """
            {
              "\(form == .draft ? "keys" : "fingerprints")": [
            \(entries.joined(separator: ",\n"))
              ],
              "expires": \(expires)
            }

            """
    }

    /// The document that sends everyone elsewhere (RFC 7711 §3.2).
    public static func reference(to url: String, expires: Int64) throws(POSHPublicationFault) -> String {
        guard expires > 0 else { throw .badExpiry }
        guard let address = HTTPSAddress(url) else { throw .badURL(url) }
        return """
            {
              "url": "\(address)",
              "expires": \(expires)
            }

            """
    }

    private static func descriptor(_ certificate: PeerCertificate) -> String {
        let members = [PublishedKeyMaterial.HashAlgorithm.sha256, .sha512].map {
            ($0.rawValue, Base64.encode($0.digest(certificate.der)))
        }
        return object(members)
    }

    private static func webKey(_ certificate: PeerCertificate) throws(POSHPublicationFault) -> String {
        guard let key = PublicKeyMembers.members(of: certificate.subjectPublicKeyInfo) else {
            throw .unsupportedKey(subject: certificate.subject)
        }
        let members: [(String, [UInt8])]
        var fixed: [(String, String)]
        switch key {
        case .rsa(let modulus, let exponent):
            fixed = [("kty", "RSA")]
            members = [("n", modulus), ("e", exponent)]
        case .ellipticCurve(let curve, let x, let y):
            fixed = [("kty", "EC"), ("crv", curve)]
            members = [("x", x), ("y", y)]
        case .octetKeyPair(let curve, let x):
            fixed = [("kty", "OKP"), ("crv", curve)]
            members = [("x", x)]
        }
        fixed += members.map { ($0, Base64.encodeURLSafe($1)) }
        fixed.append(("x5t", Base64.encodeURLSafe(Digest.sha1(certificate.der))))
        fixed.append(("x5t#S256", Base64.encodeURLSafe(certificate.sha256)))
        return object(fixed)
    }

    /// All names and values are ours, and need no escapes.
    private static func object(_ members: [(String, String)]) -> String {
        let lines = members.map { "      \"\($0)\": \"\($1)\"" }
        return "    {\n\(lines.joined(separator: ",\n"))\n    }"
    }
}
