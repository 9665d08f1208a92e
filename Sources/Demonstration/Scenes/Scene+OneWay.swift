internal import DomainAssociation

extension Scene {
    /// One side shows no certificate when it dials, and is proved by its own server (RFC 7712 §4.3).
    static let oneWay = Scene(
        name: "one-way",
        title: "One side shows no certificate",
        story: """
            Mercutio shows its certificate as a server only; many can do no better, since authorities certify servers \
            and nobody else. So it sends a key (dialback). Capulet connects to the server that DNS names for \
            mercutio.example, has that one prove itself by certificate, and asks whether the key is its own.
            """,
        message: Message(
            player: "mercutio", from: "mercutio@mercutio.example", to: "echo@capulet.example",
            body: "A plague o' both your houses!"),
        milestones: [
            .withholding(to: "capulet", "Mercutio showed no certificate"),
            .key(
                of: "mercutio.example", isGenuine: true, to: "capulet", "the server of mercutio.example knows the key"),
            .association(
                of: "mercutio.example", with: "capulet.example", .inbound, by: "pkix", .dialback, at: "capulet"),
            .association(
                of: "mercutio.example", with: "capulet.example", .outbound, by: "pkix", .serverIdentity,
                at: "mercutio"),
            .message(
                "one-way", from: "mercutio@mercutio.example", reaches: "capulet", "the message reached Capulet"),
            .message("one-way", from: "echo@capulet.example", reaches: "mercutio", "its echo reached Mercutio"),
        ])

    /// Who shows no certificate and makes up a key is refused, since the domain's own server does not know that key.
    static let madeUpKey = Scene(
        name: "made-up-key",
        title: "A made-up key is refused",
        story: """
            At the ball everybody wears a mask, and somebody without a certificate claims to be capulet.example. \
            The key is of its own making. Montague asks the server of capulet.example about it, on the stream that is \
            there, and at once knows better.
            """,
        message: Message(
            player: "masker", from: "masker@capulet.example", to: "echo@montague.example",
            body: "Good pilgrim, you do wrong your hand too much."),
        milestones: [
            .withholding(to: "montague", "the masker showed no certificate"),
            .key(of: "capulet.example", isGenuine: false, to: "montague", "Capulet does not know the key"),
            .bounce(at: "masker", "the masker's message went back to its sender"),
        ],
        forbidden: [
            .association(of: "capulet.example", with: "montague.example", .inbound, at: "montague"),
            .message("made-up-key", from: "masker@capulet.example", reaches: "montague", "the masker got through"),
        ])
}
