/// Recent ends of streams: when many end at once, their redials are spread so that the peers are not dialled at the same
/// moment by everyone (XS-26, RFC 6120 §3.3).
struct LossRecord: Sendable {
    /// More ends than this within ``window`` are a mass loss.
    static let threshold = 50
    /// The window, in seconds.
    static let window = 1.0
    /// Over how many seconds redials are spread.
    static let spread = 60.0

    /// The last ends, a ring of `threshold + 1`.
    private var ends: [Double] = []
    private var next = 0
    private var lossBegan = 0.0
    private var spreadUntil = -Double.infinity

    /// Notes the end of a stream.
    mutating func note(at now: Double) {
        if ends.count <= Self.threshold {
            ends.append(now)
            guard ends.count > Self.threshold else { return }
        } else {
            ends[next] = now
            next = (next + 1) % ends.count
        }
        let oldest = ends[next]
        guard now - oldest <= Self.window else { return }
        if now >= spreadUntil { lossBegan = oldest }
        spreadUntil = now + Self.spread
    }

    /// When a pair that lost its stream at `lostAt` may be dialled again, or nil for at once.
    ///
    /// - Parameter chance: From 0 to below 1.
    func redial(lostAt: Double?, now: Double, chance: Double) -> Double? {
        guard now < spreadUntil, let lostAt, lostAt >= lossBegan else { return nil }
        return now + chance * (spreadUntil - now)
    }
}
