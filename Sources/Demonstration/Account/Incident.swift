internal import DNSMessages
internal import Federation

/// Something that happened on the stage.
struct Incident: Sendable {
    enum Event: Sendable {
        /// The player's name server answered it.
        case lookup(DNSQuestion, DNSResponse)
        /// The web server answered somebody.
        case visit(EmbeddedWebServer.Visit)
        /// Its daemon tells.
        case federation(FederationFact)
    }

    /// Since the demonstration began.
    let moment: Duration
    /// The player whom it happened to.
    let player: String
    let event: Event
}
