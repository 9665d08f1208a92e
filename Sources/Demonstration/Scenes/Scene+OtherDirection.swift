extension Scene {
    /// The other direction, over the streams that are there.
    static let otherDirection = Scene(
        name: "other-direction",
        title: "The other direction, over the same streams",
        story: """
            romeo@montague.example writes to the echo service of capulet.example. Both streams are there and proved, \
            so the stanzas just go.
            """,
        message: Message(
            player: "montague", from: "romeo@montague.example", to: "echo@capulet.example",
            body: "Call me but love."),
        milestones: [
            .message(
                "other-direction", from: "romeo@montague.example", reaches: "capulet", "the message reached Capulet"),
            .message("other-direction", from: "echo@capulet.example", reaches: "montague", "its echo reached Montague"),
        ])
}
