internal import DomainAssociation

extension Scene {
    /// Connections are diverted to somebody whom an authority has certified, and the published key gives it away.
    static let interception = Scene(
        name: "interception",
        title: "A certified interceptor is refused",
        story: """
            This time DNS is true, and somebody on the way to paris.example diverts the connections to a machine of \
            its own. It has even got a certificate for that domain from the authority that all trust, as happened to \
            jabber.ru in 2023. But paris.example publishes its key in signed DNS, and this is another key. Montague \
            says nothing to it, and the message goes back with the reason.
            """,
        message: Message(
            player: "montague", from: "benvolio@montague.example", to: "echo@paris.example",
            body: "Younger than she are happy mothers made."),
        milestones: [
            .connection(to: "spy", "Montague's connection was diverted"),
            .refusal(of: "paris.example", by: "montague", "Montague saw through it, in spite of the certificate"),
            .bounce(at: "montague", "the message went back to its sender"),
        ],
        forbidden: [
            .association(of: "montague.example", with: "paris.example", .outbound, at: "montague"),
            .message("interception", from: "benvolio@montague.example", reaches: "spy", "the interceptor has it"),
        ])

    /// The same interceptor dials, and speaks for the domain.
    static let counterfeit = Scene(
        name: "counterfeit",
        title: "And so it is when it comes itself",
        story: """
            Now the same interceptor connects to Montague and claims to be paris.example, with the same certificate. \
            Montague looks up the key of that domain for this direction too.
            """,
        message: Message(
            player: "spy", from: "page@paris.example", to: "echo@montague.example",
            body: "I hear some noise."),
        milestones: [
            .refusal(of: "paris.example", by: "montague", "Montague refused it"),
            .bounce(at: "spy", "the interceptor's message went back"),
        ],
        forbidden: [
            .association(of: "paris.example", with: "montague.example", .inbound, at: "montague"),
            .message("counterfeit", from: "page@paris.example", reaches: "montague", "the interceptor got through"),
        ])
}
