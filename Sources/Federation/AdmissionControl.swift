internal import EventLoops

/// How many strangers are let in (DO-01): streams that have not authenticated, and new connections in a second, for each
/// address; an IPv6 host counts by its /64.
struct AdmissionControl {
    private struct Guest {
        var streams = 0
        /// Connections that may still come now; refilled with time.
        var allowance: Double
        var updated: Double
    }

    private var streamsPerAddress: Int?
    private var handshakesPerSecond: Int?
    private var guests: [AddressPrefix: Guest] = [:]
    private var sweptAt = 0.0

    private static let sweepInterval = 60.0

    /// - Parameters: nil for no limit.
    init(streamsPerAddress: Int?, handshakesPerSecond: Int?) {
        self.streamsPerAddress = streamsPerAddress
        self.handshakesPerSecond = handshakesPerSecond
    }

    /// Takes other limits; who is in stays in.
    mutating func setLimits(streamsPerAddress: Int?, handshakesPerSecond: Int?) {
        self.streamsPerAddress = streamsPerAddress
        self.handshakesPerSecond = handshakesPerSecond
    }

    /// Whether a connection from there may come in; if so it counts until ``release(_:)``.
    ///
    /// - Parameter now: Seconds on a clock that never goes back.
    mutating func admit(_ prefix: AddressPrefix, at now: Double) -> Bool {
        // Counted even without a limit: one may come with a reload.
        sweep(at: now)
        let burst = Double(handshakesPerSecond ?? 0)
        var guest = guests[prefix] ?? Guest(allowance: burst, updated: now)
        guest.allowance = min(burst, guest.allowance + (now - guest.updated) * burst)
        guest.updated = now
        defer { guests[prefix] = guest }
        if let streamsPerAddress, guest.streams >= streamsPerAddress { return false }
        if handshakesPerSecond != nil {
            guard guest.allowance >= 1 else { return false }
            guest.allowance -= 1
        }
        guest.streams += 1
        return true
    }

    /// A stream from there has authenticated or ended.
    mutating func release(_ prefix: AddressPrefix) {
        guard var guest = guests[prefix] else { return }
        guest.streams = max(0, guest.streams - 1)
        guests[prefix] = guest
    }

    /// Forgets addresses that have been quiet, so that a flood of addresses is not kept.
    private mutating func sweep(at now: Double) {
        guard now - sweptAt > Self.sweepInterval else { return }
        sweptAt = now
        guests = guests.filter { $0.value.streams > 0 || now - $0.value.updated < 2 }
    }
}
