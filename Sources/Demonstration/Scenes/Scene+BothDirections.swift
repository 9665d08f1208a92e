internal import DomainAssociation

extension Scene {
    /// Stanzas go both ways on one connection (XEP-0288).
    static let bothDirections = Scene(
        name: "both-directions",
        title: "Both directions on one connection",
        story: """
            Sampson and Gregory have agreed on more: as soon as Sampson, who connects, has proved itself, Gregory \
            answers on the same connection. Each has proved itself once, and that is enough for both directions.
            """,
        message: Message(
            player: "sampson", from: "sampson@sampson.example", to: "echo@gregory.example",
            body: "Gregory, o' my word, we'll not carry coals."),
        milestones: [
            .association(of: "sampson.example", with: "gregory.example", .inbound, .external, at: "gregory"),
            .association(of: "gregory.example", with: "sampson.example", .outbound, .external, at: "gregory"),
            .association(of: "gregory.example", with: "sampson.example", .inbound, .serverIdentity, at: "sampson"),
            .message(
                "both-directions", from: "sampson@sampson.example", reaches: "gregory",
                "the message reached Gregory"),
            .message("both-directions", from: "echo@gregory.example", reaches: "sampson", "its echo reached Sampson"),
        ],
        forbidden: [.connection(by: "gregory", "Gregory opened a connection of its own")])
}
