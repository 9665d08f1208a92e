/// An alert of the TLS protocol (RFC 8446 §6, RFC 5246 §7.2), by its number.
public struct TLSAlert: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The alert with a number, known or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sender ends its direction in order.
    public static let closeNotify = TLSAlert(rawValue: 0)
    /// A message came out of turn, or in clear where it had to be protected.
    public static let unexpectedMessage = TLSAlert(rawValue: 10)
    /// A record does not decrypt: it was damaged or forged.
    public static let badRecordMAC = TLSAlert(rawValue: 20)
    /// The two sides share no parameters.
    public static let handshakeFailure = TLSAlert(rawValue: 40)
    /// The certificate is damaged or its signature is wrong.
    public static let badCertificate = TLSAlert(rawValue: 42)
    /// The certificate is of a kind that is not supported.
    public static let unsupportedCertificate = TLSAlert(rawValue: 43)
    /// The certificate was revoked.
    public static let certificateRevoked = TLSAlert(rawValue: 44)
    /// The certificate is expired or not yet valid.
    public static let certificateExpired = TLSAlert(rawValue: 45)
    /// Something else about the certificate is not acceptable.
    public static let certificateUnknown = TLSAlert(rawValue: 46)
    /// The issuer is not known to the sender.
    public static let unknownAuthority = TLSAlert(rawValue: 48)
    /// The certificate is good and access is denied all the same.
    public static let accessDenied = TLSAlert(rawValue: 49)
    /// None of the offered versions is acceptable.
    public static let protocolVersion = TLSAlert(rawValue: 70)
    /// The sender does not renegotiate.
    public static let noRenegotiation = TLSAlert(rawValue: 100)
    /// The server name is not served.
    public static let unrecognizedName = TLSAlert(rawValue: 112)
    /// The server insists on a client certificate.
    public static let certificateRequired = TLSAlert(rawValue: 116)
    /// None of the offered application protocols is acceptable (RFC 7301 §3.2).
    public static let noApplicationProtocol = TLSAlert(rawValue: 120)

    /// Whether the alert complains of a certificate: for a client under TLS 1.3 this may be the first thing that it
    /// reads after its handshake seemed complete.
    public var concernsCertificate: Bool {
        (41...49).contains(rawValue) || self == .certificateRequired
    }

    /// The name in the specification, such as `certificate_required`, and the number.
    public var description: String {
        "\(Self.names[rawValue] ?? "alert") (\(rawValue))"
    }

    private static let names: [UInt8: String] = [
        0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
        40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked",
        45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
        49: "access_denied", 50: "decode_error", 51: "decrypt_error", 70: "protocol_version",
        71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
        100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension", 112: "unrecognized_name",
        113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required",
        120: "no_application_protocol",
    ]
}
