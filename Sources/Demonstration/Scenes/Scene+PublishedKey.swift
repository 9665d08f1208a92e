internal import DomainAssociation

extension Scene {
    /// A key in signed DNS instead of an authority's word.
    static let publishedKey = Scene(
        name: "published-key",
        title: "A key in DNS instead of an authority",
        story: """
            No authority that anybody trusts certifies verona.example. But its zone is signed, and has a TLSA record \
            with the key of its server (DANE). Capulet finds that key in the certificate, and so Verona is proved. \
            In the other direction Verona proves Capulet by certificate, as before.
            """,
        message: Message(
            player: "capulet", from: "juliet@capulet.example", to: "echo@verona.example",
            body: "O, be some other name!"),
        milestones: [
            .association(of: "capulet.example", with: "verona.example", .outbound, by: "dane", at: "capulet"),
            .association(of: "capulet.example", with: "verona.example", .inbound, by: "pkix", at: "verona"),
            .association(of: "verona.example", with: "capulet.example", .inbound, by: "dane", at: "capulet"),
            .message("published-key", from: "echo@verona.example", reaches: "capulet", "Verona's echo reached Capulet"),
        ])
}
