internal import COpenSSL
internal import XMPPModel

/// Reads the fields of an OpenSSL certificate into a ``PeerCertificate``.
struct CertificateFields {
    private let handle: OpaquePointer

    /// Borrows `certificate` for as long as this value is used.
    init(borrowing certificate: OpaquePointer) {
        handle = certificate
    }

    /// Everything at once.
    var value: PeerCertificate {
        defer { ERR_clear_error() }
        let der = Self.encoded { i2d_X509(handle, $0) }
        let subjectPublicKeyInfo = Self.encoded { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(handle), $0) }
        let key = PublicKeyFacts(borrowing: X509_get0_pubkey(handle))
        let subject = X509_get_subject_name(handle)
        let issuer = X509_get_issuer_name(handle)
        return PeerCertificate(
            der: der,
            sha256: Digest.sha256(der),
            subjectPublicKeyInfo: subjectPublicKeyInfo,
            subjectPublicKeyInfoSHA256: Digest.sha256(subjectPublicKeyInfo),
            subject: Self.text(of: subject),
            issuer: Self.text(of: issuer),
            serialNumber: serialNumber,
            notBefore: Self.seconds(X509_get0_notBefore(handle)) ?? .max,
            notAfter: Self.seconds(X509_get0_notAfter(handle)) ?? .min,
            subjectAlternativeNames: AlternativeNames(borrowing: handle).names,
            isCertificateAuthority: isCertificateAuthority,
            isSelfIssued: X509_NAME_cmp(subject, issuer) == 0,
            extendedKeyUsage: extendedKeyUsage,
            signatureAlgorithm: signatureAlgorithm,
            keyKind: key.kind,
            keyBits: key.bits)
    }

    private var serialNumber: String {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle), nil) else { return "" }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        let text = Hexadecimal.encode(bytes.isEmpty ? [0] : bytes)
        return BN_is_negative(number) == 1 ? "-" + text : text
    }

    private var isCertificateAuthority: Bool {
        // Not X509_check_ca, which also guesses from key usage and from old Netscape extensions.
        guard let extensionValue = X509_get_ext_d2i(handle, NID_basic_constraints, nil, nil) else { return false }
        let constraints = extensionValue.assumingMemoryBound(to: BASIC_CONSTRAINTS.self)
        defer { BASIC_CONSTRAINTS_free(constraints) }
        return constraints.pointee.ca != 0
    }

    private var extendedKeyUsage: PeerCertificate.ExtendedKeyUsage {
        var criticality: Int32 = 0
        guard let objects = X509_get_ext_d2i(handle, NID_ext_key_usage, &criticality, nil) else {
            // -1 says that there is none; whatever else is wrong with it, it allows nothing.
            return criticality == -1 ? .absent : .only([])
        }
        let purposes = OpaquePointer(objects)
        defer { EXTENDED_KEY_USAGE_free(purposes) }
        var found: Set<PeerCertificate.KeyPurpose> = []
        for index in 0..<ligase_objects_count(purposes) {
            guard let object = ligase_objects_at(purposes, index) else { continue }
            switch OBJ_obj2nid(object) {
            case NID_anyExtendedKeyUsage: found.insert(.any)
            case NID_server_auth: found.insert(.serverAuthentication)
            case NID_client_auth: found.insert(.clientAuthentication)
            default: found.insert(.other(Self.dotted(object)))
            }
        }
        return .only(found)
    }

    private var signatureAlgorithm: String {
        let identifier = X509_get_signature_nid(handle)
        guard identifier != NID_undef, let name = OBJ_nid2ln(identifier) else { return "unknown" }
        return String(cString: name)
    }

    /// What one of the `i2d` functions writes.
    static func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let count = Int(encode(nil))
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var cursor = buffer.baseAddress
            initialized = max(0, Int(encode(&cursor)))
        }
    }

    /// A distinguished name as RFC 2253 writes it, with non-ASCII and control octets escaped.
    static func text(of name: OpaquePointer?) -> String {
        guard let name, let memory = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(memory) }
        X509_NAME_print_ex(memory, name, 0, UInt(ligase_XN_FLAG_RFC2253))
        var start: UnsafeMutablePointer<CChar>?
        let count = ligase_BIO_get_mem_data(memory, &start)
        return String(decoding: UnsafeRawBufferPointer(start: start, count: max(0, count)), as: UTF8.self)
    }

    /// A time as seconds since 1970, or `nil` when it is not a time.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var remainder: Int32 = 0
        guard ASN1_TIME_diff(&days, &remainder, epoch, time) == 1 else { return nil }
        return Int64(days) * 86400 + Int64(remainder)
    }

    private static func dotted(_ object: OpaquePointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard OBJ_obj2txt(buffer.baseAddress, Int32(buffer.count), object, 1) > 0, let start = buffer.baseAddress
            else { return "" }
            return String(cString: start)
        }
    }
}
