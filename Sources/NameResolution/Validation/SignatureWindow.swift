internal import DNSMessages

/// When a signature counts, on the wall clock (RFC 4034 §3.1.5).
struct SignatureWindow: Hashable, Sendable {
    /// Seconds since 1970.
    let inception: Int64
    /// Seconds since 1970.
    let expiration: Int64

    /// The moments that a signature names modulo 2^32, each taken as the one closest to now (RFC 1982).
    init(_ signature: RecordSignature, around now: Int64) {
        inception = Self.moment(signature.inception, closestTo: now)
        expiration = Self.moment(signature.expiration, closestTo: now)
    }

    /// Why a signature does not count now; nil when it does.
    func objection(at now: Int64, skew: Int64) -> String? {
        if expiration < inception { return "expires before it begins" }
        if now > expiration + skew { return "expired at \(UTCText.describe(expiration))" }
        if now < inception - skew { return "is valid only from \(UTCText.describe(inception))" }
        return nil
    }

    private static func moment(_ serial: UInt32, closestTo now: Int64) -> Int64 {
        now + Int64(Int32(bitPattern: serial &- UInt32(truncatingIfNeeded: now)))
    }
}
