/// How far an answer can be trusted (RFC 4033 §5).
public enum SecurityStatus: String, Hashable, Sendable {
    /// Signed, with an unbroken chain from a trust anchor.
    case secure
    /// Proven to lie in an unsigned part of the tree, or not validated at all because validation is off.
    case insecure
    /// Ought to be signed and is not, or not rightly: never to be used.
    case bogus
    /// No trust anchor says whether it ought to be signed.
    case indeterminate

    /// The status of something that hangs on both: as weak as the weaker.
    public func combined(with other: SecurityStatus) -> SecurityStatus {
        let fromWeakest: [SecurityStatus] = [.bogus, .indeterminate, .insecure, .secure]
        return fromWeakest.first { $0 == self || $0 == other } ?? .bogus
    }
}
