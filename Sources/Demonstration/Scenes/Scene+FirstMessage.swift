internal import DomainAssociation

extension Scene {
    /// One message and its echo: a stream each way, by both ways into TLS, and both ends proved on each.
    static let firstMessage = Scene(
        name: "first-message",
        title: "A first message, and its echo",
        story: """
            juliet@capulet.example writes to the echo service of montague.example. Capulet asks DNS where that is, \
            connects, goes on under TLS (STARTTLS), and each side proves by certificate whom it speaks for. The \
            echo needs a stream of Montague's own, and Capulet's service records say: TLS from the first byte.
            """,
        message: Message(
            player: "capulet", from: "juliet@capulet.example", to: "echo@montague.example",
            body: "Wherefore art thou?"),
        milestones: [
            .association(of: "capulet.example", with: "montague.example", .inbound, at: "montague"),
            .association(of: "capulet.example", with: "montague.example", .outbound, at: "capulet"),
            .message(
                "first-message", from: "juliet@capulet.example", reaches: "montague", "the message reached Montague"),
            .association(of: "montague.example", with: "capulet.example", .inbound, at: "capulet"),
            .association(of: "montague.example", with: "capulet.example", .outbound, at: "montague"),
            .message("first-message", from: "echo@montague.example", reaches: "capulet", "its echo reached Capulet"),
        ])
}
