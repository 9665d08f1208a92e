internal import DNSMessages

/// What the parent's side says of a name: whether a zone begins there, and with which keys.
struct DelegationFact: Hashable, Sendable {
    /// How the name stands.
    enum State: Hashable, Sendable {
        /// A zone begins here, signed with one of these keys.
        case signed([DelegationSigner])
        /// A zone begins here, or may begin here, without a proof of its keys; or it lies in such a zone.
        case insecure
        /// No zone begins here.
        case noCut
        /// No zone begins here or anywhere below.
        case nothingBelow
        /// What the parent's side said does not hold.
        case bogus
        /// What is needed could not be fetched.
        case indeterminate
    }

    let name: DNSName
    let state: State
    /// Why, in one sentence.
    let reason: String
    /// The steps from the trust anchor to the zone that said so.
    let chain: [ValidationReport.Link]
    /// Until when it holds, on the clock that is never set back.
    let expiry: Duration
    /// The question whose answer is to blame when it is bogus; nil when the fault lies further up.
    var blame: DNSQuestion?

    /// Whether a zone of its own is known to begin here.
    var isCut: Bool {
        switch state {
        case .signed, .insecure: true
        case .noCut, .nothingBelow, .bogus, .indeterminate: false
        }
    }
}
