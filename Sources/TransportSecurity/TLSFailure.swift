/// Why a TLS session ended, or never came up. After one of these a session does nothing more.
public enum TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The peer ended the session with a fatal alert. ``TLSAlert/concernsCertificate`` tells a rejection of ours.
    case alertReceived(TLSAlert)
    /// The handshake failed on our side. `reason` is OpenSSL's text; the alert, if any, is already in the output.
    case handshakeFailed(reason: String, alertSent: TLSAlert?)
    /// A record of an established session was refused. `reason` is OpenSSL's text.
    case recordRejected(reason: String, alertSent: TLSAlert?)
    /// The peer asked to renegotiate, which is never done (RFC 6120 §5.3.5: the connection ends without a word).
    case renegotiationAttempted
    /// The transport ended without close_notify: what came before may be incomplete.
    case truncated(duringHandshake: Bool)
    /// Application data was given before the handshake was complete.
    case notEstablished
    /// Application data was given after this side had sent close_notify.
    case closed

    /// The failure in words, for an operator; never for a peer.
    public var description: String {
        switch self {
        case .alertReceived(let alert): "peer sent TLS alert \(alert)"
        case .handshakeFailed(let reason, let alert): "TLS handshake failed: \(reason)\(Self.suffix(alert))"
        case .recordRejected(let reason, let alert): "TLS record refused: \(reason)\(Self.suffix(alert))"
        case .renegotiationAttempted: "peer attempted TLS renegotiation"
        case .truncated(true): "connection ended during the TLS handshake"
        case .truncated(false): "connection ended without TLS close_notify"
        case .notEstablished: "TLS session is not established"
        case .closed: "TLS session is closed"
        }
    }

    private static func suffix(_ alert: TLSAlert?) -> String {
        alert.map { ", alert \($0) sent" } ?? ""
    }
}
