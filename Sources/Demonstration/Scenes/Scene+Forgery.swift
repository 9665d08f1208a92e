internal import DomainAssociation

extension Scene {
    /// Forged answers lead to somebody with a certificate that everybody trusts, and nobody goes there.
    static let forgery = Scene(
        name: "forgery",
        title: "Forged answers lead nowhere",
        story: """
            Somebody between Montague and its name server forges the records of mantua.example: they lead to a \
            forger, who holds a certificate for that domain from the authority that all trust. But the zone is \
            signed, and what is forged is not. Montague goes nowhere, and the message goes back with the reason.
            """,
        message: Message(
            player: "montague", from: "balthasar@montague.example", to: "romeo@mantua.example",
            body: "Her body sleeps in Capel's monument."),
        milestones: [
            .forgeryFound(of: "mantua.example", by: "montague", "Montague found that the answer is forged"),
            .bounce(at: "montague", "the message went back to its sender"),
        ],
        forbidden: [
            .connection(to: "forger", "somebody connected to the forger"),
            .message("forgery", from: "balthasar@montague.example", reaches: "forger", "the forger has it"),
        ])
}
