internal import Administration
internal import TransportSecurity
public import XMPPModel

/// The certificates of files that something is to be published of.
public struct CertificateSelection: Sendable {
    /// Which certificate of a chain is meant.
    public enum Part: Sendable {
        /// The server's own.
        case endEntity
        /// The authority's: of several the one that is nearest to the root.
        case authority
    }

    /// One certificate for each file, in their order.
    public private(set) var certificates: [PeerCertificate] = []
    /// What whoever publishes them should know.
    public private(set) var warnings: [String] = []

    /// Reads the files; it blocks.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Throws: ``CertificateFile/Failure`` for the first file that has no such certificate.
    public init(_ part: Part, ofFiles paths: [String], now: Int64) throws(CertificateFile.Failure) {
        for path in paths {
            let chain = try CertificateFile.read(path)
            let authority = chain.last { $0.isCertificateAuthority }
            switch part {
            case .endEntity:
                // One that signed itself may call itself an authority and be what a server presents.
                guard let certificate = chain.first(where: { !$0.isCertificateAuthority }) ?? chain.first else {
                    throw .noCertificate(path: path, reason: "no certificate in it")
                }
                add(certificate, of: path, now)
                if certificate != chain.first {
                    warnings.append(
                        "\(path) does not begin with the server's certificate; took that of \(certificate.subject)")
                }
            case .authority:
                guard let authority else { throw .noAuthority(path: path) }
                add(authority, of: path, now)
            }
        }
    }

    private mutating func add(_ certificate: PeerCertificate, of path: String, _ now: Int64) {
        certificates.append(certificate)
        let subject = certificate.subject.isEmpty ? "the certificate" : "the certificate of \(certificate.subject)"
        if certificate.notAfter < now {
            warnings.append(
                "\(path): \(subject) expired at \(Timestamp(secondsSince1970: certificate.notAfter))")
        } else if certificate.notBefore > now {
            warnings.append(
                "\(path): \(subject) is not valid before \(Timestamp(secondsSince1970: certificate.notBefore))")
        }
    }
}
