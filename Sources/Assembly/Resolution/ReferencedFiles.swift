internal import Configuration
internal import DNSMessages
internal import DNSTransport
internal import NameResolution
internal import TransportSecurity

/// The files that `[dns]` and its zones name, read one by one; what is wrong with them is kept with the place where they
/// are named.
struct ReferencedFiles {
    /// Everything that was wrong.
    private(set) var errors: [ConfigurationError] = []

    private let configuration: Configuration
    private var known: [TrustAnchors: CertificateAuthorities] = [:]

    init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    private static let authoritiesMend =
        "name PEM files of certificates and revocation lists that the daemon can read"

    // MARK: - Authorities

    /// Who may have issued the certificates of name servers.
    mutating func authorities(_ anchors: TrustAnchors, keyPath: String) -> CertificateAuthorities {
        guard case .file(let path) = anchors else { return .system }
        if let read = known[anchors] { return read }
        // Without a `ca` of its own it is the file of `tls.trust_anchors`.
        let own = file(at: path, for: .nameServerTrustAnchors, keyPath: keyPath)
        let file = own ?? file(at: path, for: .trustAnchors, keyPath: "tls.trust_anchors")
        let keyPath = file?.keyPath ?? keyPath
        do throws(WholeFile.Failure) {
            let text = try WholeFile.read(path)
            do throws(TrustStoreFailure) {
                _ = try TrustStore(authorities: [.bytes(text, name: path)])
                known[anchors] = .pem(text)
                return .pem(text)
            } catch {
                fault(file, keyPath, "\(error)", Self.authoritiesMend)
            }
        } catch {
            fault(file, keyPath, "\(path): cannot be read: \(error.reason)", Self.authoritiesMend)
        }
        return .pem([])
    }

    // MARK: - Credentials

    /// Who we are to a DNS-over-HTTPS server; nil when the files cannot be used, which is noted.
    mutating func credential(_ credential: DNSZone.ClientCredential) -> HTTPSServerSettings.Credential? {
        switch credential {
        case .password(let username, let path):
            return password(path).map { .password(username: username, password: $0) }
        case .certificate(let chain, let key):
            return certificate(chain, key)
        }
    }

    /// The first line of a file; an editor ends it with a line feed that is no part of the password.
    private mutating func password(_ path: String) -> String? {
        let keyPath = "dns.zone.password_file"
        let file = file(at: path, for: .nameServerPassword, keyPath: keyPath)
        do throws(WholeFile.Failure) {
            let content = try WholeFile.read(path)
            let line = content.prefix { $0 != 0x0A && $0 != 0x0D }
            guard let password = String(validating: line, as: UTF8.self), !password.isEmpty else {
                fault(
                    file, keyPath, line.isEmpty ? "\(path) is empty" : "\(path) is not UTF-8",
                    "write the password into its first line")
                return nil
            }
            return password
        } catch {
            fault(file, keyPath, "\(path): \(error.reason)", "make the file, readable by the daemon's user")
            return nil
        }
    }

    private mutating func certificate(_ chainFile: String, _ keyFile: String) -> HTTPSServerSettings.Credential? {
        let certificate = file(
            at: chainFile, for: .nameServerClientCertificate, keyPath: "dns.zone.client_certificate")
        let key = file(at: keyFile, for: .nameServerClientKey, keyPath: "dns.zone.client_key")
        do throws(IdentityFailure) {
            _ = try TLSIdentity(chainFile: chainFile, keyFile: keyFile)
            guard let chain = try? WholeFile.read(chainFile), let secret = try? WholeFile.read(keyFile) else {
                return nil
            }
            return .certificate(chainPEM: chain, keyPEM: secret)
        } catch {
            let isAboutKey = "\(error)".hasPrefix(keyFile)
            fault(
                isAboutKey ? key : certificate,
                isAboutKey ? "dns.zone.client_key" : "dns.zone.client_certificate", "\(error)",
                "name a PEM file that the daemon can read: the chain leaf first, and the key that fits it")
            return nil
        }
    }

    // MARK: - Trust anchors

    /// The mention of a file of trust anchors.
    func anchorFile(at path: String, keyPath: String) -> ReferencedFile? {
        file(at: path, for: .signedZoneTrustAnchor, keyPath: keyPath)
    }

    /// The anchors in a file, by zone; none when it cannot be used, which is noted.
    ///
    /// - Parameter zone: Where they all have to be.
    mutating func trustAnchors(
        _ path: String, _ file: ReferencedFile?, keyPath: String, under zone: DNSName = .root
    ) -> [TrustAnchor] {
        let text: [UInt8]
        do throws(WholeFile.Failure) {
            text = try WholeFile.read(path)
        } catch {
            fault(
                file, keyPath, "\(path): \(error.reason)",
                Self.anchorMend(zone, isNamed: file?.position != nil))
            return []
        }
        do throws(TrustAnchorFile.Failure) {
            let anchors = try TrustAnchorFile.anchors(in: text)
            if let stray = anchors.first(where: { !$0.zone.isAtOrBelow(zone) }) {
                fault(
                    file, keyPath, "\(path) has an anchor of \(stray.zone), which is outside \(zone)",
                    "move it to the file of dns.trust_anchor")
                return []
            }
            return anchors
        } catch {
            fault(file, keyPath, "\(path)\(error)", error.mend)
            return []
        }
    }

    private static func anchorMend(_ zone: DNSName, isNamed: Bool) -> String {
        guard isNamed else {
            return "install dns-root-data, or name a file of DS or DNSKEY records; validation = \"off\" does without"
        }
        return zone.isRoot
            ? "name a file of DS or DNSKEY records, or remove the key and install dns-root-data"
            : "name a file of DS or DNSKEY records of \(zone), or remove the key"
    }

    // MARK: -

    private func file(at path: String, for purpose: ReferencedFile.Purpose, keyPath: String) -> ReferencedFile? {
        configuration.referencedFiles.first {
            $0.path == path && $0.purpose == purpose && $0.keyPath == keyPath
        }
    }

    private mutating func fault(_ file: ReferencedFile?, _ keyPath: String, _ message: String, _ mend: String) {
        if let file, file.position != nil {
            errors.append(ConfigurationError(file, message: message, mend: mend))
        } else {
            errors.append(
                ConfigurationError(
                    file: configuration.files.first ?? "", line: nil, keyPath: keyPath, message: message, mend: mend))
        }
    }
}
