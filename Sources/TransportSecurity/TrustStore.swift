internal import COpenSSL
internal import Synchronization
public import XMPPModel

/// The authorities that PKIX trusts, with the revocation lists that were configured.
///
/// Everything is read when the store is made, off the loop; ``validate(chain:at:direction:)`` touches no file and no
/// clock and may be called on any loop.
public final class TrustStore: Sendable {
    /// Where authorities or revocation lists come from.
    public enum Source: Hashable, Sendable {
        /// The bundle that the system maintains; for authorities only.
        case system
        /// A file: PEM, or for a revocation list DER.
        case file(String)
        /// Bytes in the same forms; `name` is what a failure calls them.
        case bytes([UInt8], name: String)
        /// One certificate, such as the trust anchor that a TLSA record names (RFC 7671 §5.2); for authorities only.
        case certificate(PeerCertificate)
    }

    /// What an out-of-date revocation list means.
    public enum StaleRevocationPolicy: Hashable, Sendable {
        /// It is used as it is, and the verdict says so.
        case accept
        /// The chain is refused.
        case refuse
    }

    /// How many authorities the store holds.
    public let authorityCount: Int
    /// How many revocation lists it holds.
    public let revocationListCount: Int
    let stalePolicy: StaleRevocationPolicy

    // Filled in before anyone else can see it; OpenSSL locks it where it reads.
    nonisolated(unsafe) let handle: OpaquePointer
    private let memory = Mutex(VerdictMemory())

    /// Loads authorities and revocation lists.
    ///
    /// - Throws: ``TrustStoreFailure`` naming the source.
    public init(
        authorities: [Source] = [.system], revocationLists: [Source] = [],
        staleRevocation: StaleRevocationPolicy = .accept
    ) throws(TrustStoreFailure) {
        guard let store = X509_STORE_new() else { throw .unavailable(reason: OpenSSLError.takeReason()) }
        handle = store
        stalePolicy = staleRevocation
        do throws(TrustStoreFailure) {
            var authorityCount = 0
            for source in authorities { authorityCount += try Self.addAuthorities(from: source, to: store) }
            var listCount = 0
            for source in revocationLists { listCount += try Self.addRevocationLists(from: source, to: store) }
            self.authorityCount = authorityCount
            self.revocationListCount = listCount
        } catch {
            X509_STORE_free(store)
            throw error
        }
    }

    deinit { X509_STORE_free(handle) }

    /// Validates a path from the first certificate to an authority of this store.
    ///
    /// Names are not compared. Extended key usage (RFC 5280 §4.2.1.12): absent, any and serverAuth are good both
    /// ways, because public authorities no longer issue clientAuth; clientAuth alone is good for an inbound peer.
    ///
    /// - Parameters:
    ///   - chain: As presented: the leaf first, the rest in any order.
    ///   - moment: Seconds since 1970 at which everything has to be valid.
    ///   - direction: Who dialled.
    ///   - reachesRoot: Whether the path has to go on to a root, past an intermediate that is an authority of this store
    ///     itself (RFC 6698 §2.1.1, usage 0).
    public func validate(
        chain: [PeerCertificate], at moment: Int64, direction: PeerDirection, reachesRoot: Bool = false
    ) -> ChainVerdict {
        let question = VerdictMemory.Question(chain: chain, direction: direction, reachesRoot: reachesRoot)
        if let known = memory.withLock({ $0.verdict(on: question, at: moment) }) { return known }
        let verdict = ChainValidation(
            store: self, chain: chain, moment: moment, direction: direction, reachesRoot: reachesRoot
        ).verdict
        memory.withLock { $0.remember(verdict, on: question, at: moment) }
        return verdict
    }

    /// How many verdicts are remembered.
    var rememberedCount: Int { memory.withLock { $0.count } }

    // MARK: Loading

    /// The usual places of the system's bundle, Debian's first.
    private static let systemBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    private static func addAuthorities(from source: Source, to store: OpaquePointer) throws(TrustStoreFailure) -> Int {
        let (bytes, name) = try contents(of: source)
        let certificates: CertificateStack
        do throws(CertificateFailure) {
            certificates = try CertificateStack.read(pem: bytes)
        } catch {
            throw .badCertificate(source: name, error)
        }
        for index in 0..<certificates.count where X509_STORE_add_cert(store, certificates[index]) != 1 {
            throw .badCertificate(source: name, .malformedPEM(position: index + 1, reason: OpenSSLError.takeReason()))
        }
        ERR_clear_error()
        return certificates.count
    }

    private static func addRevocationLists(
        from source: Source, to store: OpaquePointer
    ) throws(TrustStoreFailure) -> Int {
        let (bytes, name) = try contents(of: source)
        ERR_clear_error()
        var added = 0
        if let list = revocationList(der: bytes) {
            defer { X509_CRL_free(list) }
            added = X509_STORE_add_crl(store, list) == 1 ? 1 : 0
        } else {
            ERR_clear_error()
            added =
                PEMText.withReader(bytes) { reader -> Int? in
                    var count = 0
                    while let list = PEM_read_bio_X509_CRL(reader, nil, { PEMText.noPassphrase($0, $1, $2, $3) }, nil) {
                        defer { X509_CRL_free(list) }
                        guard X509_STORE_add_crl(store, list) == 1 else { return 0 }
                        count += 1
                    }
                    let isAtEnd = ERR_peek_last_error() & 0x7F_FFFF == UInt(PEM_R_NO_START_LINE)
                    return isAtEnd ? count : 0
                } ?? 0
        }
        guard added > 0 else { throw .badRevocationList(source: name, reason: OpenSSLError.takeReason()) }
        ERR_clear_error()
        return added
    }

    private static func revocationList(der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return d2i_X509_CRL(nil, &cursor, bytes.count)
        }
    }

    private static func contents(of source: Source) throws(TrustStoreFailure) -> (bytes: [UInt8], name: String) {
        switch source {
        case .bytes(let bytes, let name):
            return (bytes, name)
        case .file(let path):
            switch PEMText.contents(ofFile: path) {
            case .success(let bytes): return (bytes, path)
            case .failure(let failure): throw .unreadable(source: path, reason: failure.reason)
            }
        case .certificate(let certificate):
            return (PEMText.encode("CERTIFICATE", certificate.der), certificate.subject)
        case .system:
            for path in systemBundles {
                if case .success(let bytes) = PEMText.contents(ofFile: path) { return (bytes, path) }
            }
            throw .noSystemAuthorities(tried: systemBundles)
        }
    }
}
