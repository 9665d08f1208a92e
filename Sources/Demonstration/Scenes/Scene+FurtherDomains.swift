internal import DomainAssociation

extension Scene {
    /// A second domain of ours on a stream that is there (RFC 7712 §4.4.1).
    static let assertion = Scene(
        name: "assertion",
        title: "A second domain on the same stream",
        story: """
            nurse.example stands on the same server as capulet.example. Her message opens no connection: Capulet asserts \
            her domain on its stream to Montague, the certificate there names it too, and that is proof. The echo \
            takes Montague's stream: its signed records lead to a server that Montague is connected with already.
            """,
        message: Message(
            player: "capulet", from: "nurse@nurse.example", to: "echo@montague.example",
            body: "Can you not stay awhile?"),
        milestones: [
            .association(
                of: "nurse.example", with: "montague.example", .inbound, by: "pkix", .assertion, at: "montague"),
            .association(of: "nurse.example", with: "montague.example", .outbound, .assertion, at: "capulet"),
            .message("assertion", from: "nurse@nurse.example", reaches: "montague", "her message reached Montague"),
            .association(
                of: "montague.example", with: "nurse.example", .outbound, by: "pkix", .supposition, at: "montague"),
            .message("assertion", from: "echo@montague.example", reaches: "capulet", "its echo reached her"),
        ],
        forbidden: noFurtherConnections)

    /// A second domain of the peer's on a stream that is there (RFC 7712 §4.4.2).
    static let supposition = Scene(
        name: "supposition",
        title: "A second target on the same stream",
        story: """
            Nobody has written to abram.example yet. DNS leads to the address and port that Capulet's stream to \
            Montague leads to, and the certificate there names that domain as well. So Capulet supposes that it is \
            served there, asks on the same stream, and is right.
            """,
        message: Message(
            player: "capulet", from: "sampson@capulet.example", to: "echo@abram.example",
            body: "I do bite my thumb, sir."),
        milestones: [
            .association(
                of: "capulet.example", with: "abram.example", .outbound, by: "pkix", .supposition, at: "capulet"),
            .association(
                of: "capulet.example", with: "abram.example", .inbound, by: "pkix", .supposition, at: "montague"),
            .message("supposition", from: "sampson@capulet.example", reaches: "montague", "the message reached Abram"),
            .association(
                of: "abram.example", with: "capulet.example", .inbound, by: "pkix", .assertion, at: "capulet"),
            .message("supposition", from: "echo@abram.example", reaches: "capulet", "Abram's echo reached Capulet"),
        ],
        forbidden: noFurtherConnections)

    private static let noFurtherConnections: [Milestone] = [
        .connection(by: "capulet", "Capulet opened another connection"),
        .connection(by: "montague", "Montague opened another connection"),
    ]
}
