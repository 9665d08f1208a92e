internal import COpenSSL
internal import XMPPModel

/// Reads subjectAltName. What is not exactly right becomes unusable, and nothing is shortened (RFC 5280 §4.2.1.6).
struct AlternativeNames {
    let names: [PeerCertificate.SubjectAlternativeName]

    /// Reads the names of `certificate`.
    init(borrowing certificate: OpaquePointer) {
        guard let pointer = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
            names = []
            return
        }
        let list = OpaquePointer(pointer)
        defer { GENERAL_NAMES_free(list) }
        names = (0..<ligase_names_count(list)).compactMap { index in
            ligase_names_at(list, index).flatMap { Self.name($0) }
        }
    }

    /// One name, or `nil` when its kind cannot concern a server.
    static func name(_ name: UnsafePointer<GENERAL_NAME>) -> PeerCertificate.SubjectAlternativeName? {
        switch name.pointee.type {
        case GEN_DNS:
            return hostName(bytes(ligase_name_string(name)), kind: .dnsName)
        case GEN_IPADD:
            let octets = bytes(ligase_name_string(name))
            let isAddress = octets.count == 4 || octets.count == 16
            return isAddress ? .ipAddress(octets) : .unusable(.ipAddress, .wrongType, bytes: octets)
        case GEN_OTHERNAME:
            return otherName(name)
        default:
            return nil
        }
    }

    private static func otherName(_ name: UnsafePointer<GENERAL_NAME>) -> PeerCertificate.SubjectAlternativeName? {
        switch ligase_other_name_nid(name) {
        case NID_SRVName:
            guard let string = ligase_other_name_string(name, V_ASN1_IA5STRING) else {
                return .unusable(.srvName, .wrongType, bytes: [])
            }
            return hostName(bytes(string), kind: .srvName)
        case NID_XmppAddr:
            guard let string = ligase_other_name_string(name, V_ASN1_UTF8STRING) else {
                return .unusable(.xmppAddress, .wrongType, bytes: [])
            }
            return xmppAddress(bytes(string))
        default:
            return nil
        }
    }

    private static func hostName(
        _ bytes: [UInt8], kind: PeerCertificate.NameKind
    ) -> PeerCertificate.SubjectAlternativeName {
        if let reason = hostNameFault(bytes) { return .unusable(kind, reason, bytes: bytes) }
        let text = String(decoding: bytes, as: UTF8.self)
        return kind == .srvName ? .srvName(text) : .dnsName(text)
    }

    private static func hostNameFault(_ bytes: [UInt8]) -> PeerCertificate.UnusableReason? {
        if bytes.contains(0) { return .embeddedNull }
        if bytes.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) { return .forbiddenOctet }
        if bytes.count > 253 { return .tooLong }
        for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            if label.isEmpty { return .emptyLabel }
            if label.count > 63 { return .tooLong }
        }
        return nil
    }

    private static func xmppAddress(_ bytes: [UInt8]) -> PeerCertificate.SubjectAlternativeName {
        if bytes.isEmpty { return .unusable(.xmppAddress, .emptyLabel, bytes: bytes) }
        if bytes.contains(0) { return .unusable(.xmppAddress, .embeddedNull, bytes: bytes) }
        if bytes.count > 1023 { return .unusable(.xmppAddress, .tooLong, bytes: bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .unusable(.xmppAddress, .forbiddenOctet, bytes: bytes)
        }
        return .xmppAddress(text)
    }

    // MARK: Without judgement, as name constraints need them

    /// The kind of a name, whether it is usable or not.
    static func kind(of name: UnsafePointer<GENERAL_NAME>) -> PeerCertificate.NameKind? {
        switch (name.pointee.type, ligase_other_name_nid(name)) {
        case (GEN_DNS, _): .dnsName
        case (GEN_IPADD, _): .ipAddress
        case (GEN_OTHERNAME, NID_SRVName): .srvName
        case (GEN_OTHERNAME, NID_XmppAddr): .xmppAddress
        default: nil
        }
    }

    /// The bytes of a name of one of these kinds.
    static func rawBytes(of name: UnsafePointer<GENERAL_NAME>) -> [UInt8] {
        bytes(
            ligase_name_string(name) ?? ligase_other_name_string(name, V_ASN1_IA5STRING)
                ?? ligase_other_name_string(name, V_ASN1_UTF8STRING))
    }

    private static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }
}
