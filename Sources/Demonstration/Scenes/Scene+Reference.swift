internal import DomainAssociation

extension Scene {
    /// The same without signed DNS: the domain's web site says where its keys are published.
    static let reference = Scene(
        name: "reference",
        title: "A tenant, by its web site",
        story: """
            benvolio.example is served by hosting.example too, but its zone is not signed, and no authority that \
            anybody trusts certifies the server. It has a web site, though: that refers to a document of the \
            provider (POSH), which lists the certificate of the server. The web sites are certified, so this is proof.
            """,
        message: Message(
            player: "capulet", from: "juliet@capulet.example", to: "echo@benvolio.example",
            body: "Part, fools!"),
        milestones: [
            .association(of: "capulet.example", with: "benvolio.example", .outbound, by: "posh", at: "capulet"),
            .association(of: "benvolio.example", with: "capulet.example", .inbound, by: "posh", at: "capulet"),
            .message(
                "reference", from: "echo@benvolio.example", reaches: "capulet", "the tenant's echo reached Capulet"),
        ])
}
