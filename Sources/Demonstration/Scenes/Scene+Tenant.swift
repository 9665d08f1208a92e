internal import DomainAssociation

extension Scene {
    /// A domain whose server has another name, and a certificate for that name only.
    static let tenant = Scene(
        name: "tenant",
        title: "A tenant, by signed delegation",
        story: """
            laurence.example has no server of its own: a provider, hosting.example, serves it, and holds no \
            certificate for it. But the zone of laurence.example is signed, and names laurence.hosting.example as \
            its server. So a certificate for that name will do. Were the zone not signed, anybody who forges DNS could \
            say as much, and Capulet would refuse.
            """,
        message: Message(
            player: "capulet", from: "juliet@capulet.example", to: "echo@laurence.example",
            body: "O, shut the door."),
        milestones: [
            .association(of: "capulet.example", with: "laurence.example", .outbound, by: "pkix", at: "capulet"),
            .association(of: "laurence.example", with: "capulet.example", .inbound, by: "pkix", at: "capulet"),
            .message("tenant", from: "echo@laurence.example", reaches: "capulet", "the tenant's echo reached Capulet"),
        ])
}
