/// Why a certificate or a revocation list could not be issued.
public struct IssuingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done.
    public let step: String
    /// OpenSSL's text.
    public let reason: String

    /// The failure in words.
    public var description: String { "\(step): \(reason)" }

    /// The failure of a step, with the reason that OpenSSL has left.
    init(_ step: String) {
        self.step = step
        reason = OpenSSLError.takeReason()
    }
}
