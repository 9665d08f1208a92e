internal import TransportSecurity
public import XMPPModel

/// A file of certificates, PEM or DER; whatever else is in it stays there.
public enum CertificateFile {
    /// Why there is nothing to be had of it.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// It cannot be read.
        case unreadable(path: String, reason: String)
        /// It holds no certificate.
        case noCertificate(path: String, reason: String)

        /// None of its certificates is that of an authority.
        case noAuthority(path: String)

        /// The failure in words, for operators.
        public var description: String {
            switch self {
            case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
            case .noCertificate(let path, let reason): "\(path): \(reason)"
            case .noAuthority(let path):
                "\(path) holds no certificate of an authority, which usages 0 and 2 are about: name a file with the "
                    + "issuer's certificate, or choose --usage 3"
            }
        }
    }

    /// The certificates in their order, at least one; it blocks.
    public static func read(_ path: String) throws(Failure) -> [PeerCertificate] {
        let content: [UInt8]
        do throws(WholeFile.Failure) {
            content = try WholeFile.read(path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        do throws(CertificateFailure) {
            // DER begins with a sequence, and PEM may begin with any text before its first block.
            let isDER = content.first == 0x30 && content.dropFirst().first.map { $0 >= 0x80 } == true
            return isDER ? [try Certificate(der: content).peerCertificate] : try Certificate.chain(pem: content)
        } catch {
            throw .noCertificate(path: path, reason: "\(error)")
        }
    }
}
