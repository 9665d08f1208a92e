internal import DomainAssociation

extension Scene {
    /// A peer with a certificate of nobody's trust speaks for a domain, and is refused.
    static let impostor = Scene(
        name: "impostor",
        title: "An impostor is refused",
        story: """
            A third daemon claims to be capulet.example as well. Its certificate names that domain, from an authority \
            of the same name, but with another key. Montague does not believe it, and the message goes back.
            """,
        message: Message(
            player: "impostor", from: "tybalt@capulet.example", to: "echo@montague.example",
            body: "Turn thee, Benvolio."),
        milestones: [
            .refusal(of: "capulet.example", by: "montague", "Montague refused the impostor"),
            .bounce(at: "impostor", "the impostor's message went back to its sender"),
        ],
        forbidden: [
            .association(of: "capulet.example", with: "montague.example", .inbound, at: "montague"),
            .message("impostor", from: "tybalt@capulet.example", reaches: "montague", "the impostor got through"),
        ])
}
