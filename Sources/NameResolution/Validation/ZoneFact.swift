internal import DNSMessages

/// What is known of a name that claims to be a zone.
struct ZoneFact: Hashable, Sendable {
    /// How the zone stands.
    enum State: Hashable, Sendable {
        /// A chain of trust leads to these keys.
        case secure([ZoneKey])
        /// Proven to be unsigned, as far as we can check signatures.
        case insecure
        /// Proven to be no zone of its own: nothing can be signed by it.
        case noZone
        /// Its keys do not hold.
        case bogus
        /// What is needed could not be fetched.
        case indeterminate
    }

    let zone: DNSName
    let state: State
    /// Why, in one sentence.
    let reason: String
    /// The steps from the trust anchor to the zone.
    let chain: [ValidationReport.Link]
    /// Until when it holds, on the clock that is never set back.
    let expiry: Duration
    /// The question whose answer is to blame when it is bogus; nil when the fault lies further up.
    var blame: DNSQuestion?

    /// The status of what lies in the zone; nil when there is no such zone.
    var status: SecurityStatus? {
        switch state {
        case .secure: .secure
        case .insecure: .insecure
        case .noZone: nil
        case .bogus: .bogus
        case .indeterminate: .indeterminate
        }
    }
}
