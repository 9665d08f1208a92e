/// Who plays, and the scenes in their order. A new scene is a file beside this one and a line here.
public struct Programme: Sendable {
    /// The daemons.
    public let players: [Player]
    /// The scenes.
    public let scenes: [Scene]

    /// Makes a programme.
    public init(players: [Player], scenes: [Scene]) {
        self.players = players
        self.scenes = scenes
    }

    /// What `ligasectl demo` shows.
    public static let standard = Programme(
        players: [
            Player(
                name: "capulet", domain: "capulet.example", furtherDomains: ["nurse.example"], address: "127.0.0.2",
                entrance: .directTLS),
            Player(
                name: "montague", domain: "montague.example", furtherDomains: ["abram.example"], address: "127.0.0.3",
                entrance: .startTLS),
            Player(
                name: "impostor", domain: "capulet.example", address: "127.0.0.4", entrance: .none, issuer: .stranger),
            Player(name: "forger", domain: "mantua.example", address: "127.0.0.5", entrance: .interception),
            Player(
                name: "verona", domain: "verona.example", address: "127.0.0.7", entrance: .startTLS, issuer: .itself,
                publication: .keyInDNS),
            Player(
                name: "spy", domain: "paris.example", address: "127.0.0.8", entrance: .diversion,
                publication: .keyInDNS),
            Player(
                name: "laurence", domain: "laurence.example", address: "127.0.0.9", entrance: .startTLS,
                provider: "hosting.example"),
            Player(
                name: "benvolio", domain: "benvolio.example", address: "127.0.0.10", entrance: .startTLS,
                issuer: .itself, provider: "hosting.example", isSigned: false, publication: .referenceOnWeb),
            Player(
                name: "mercutio", domain: "mercutio.example", address: "127.0.0.11", entrance: .startTLS,
                conduct: .withholding),
            Player(
                name: "masker", domain: "capulet.example", address: "127.0.0.12", entrance: .none, issuer: .itself,
                conduct: .withholding),
            Player(
                name: "sampson", domain: "sampson.example", address: "127.0.0.13", entrance: .startTLS,
                conduct: .bothDirections),
            Player(
                name: "gregory", domain: "gregory.example", address: "127.0.0.14", entrance: .startTLS,
                conduct: .bothDirections),
        ],
        scenes: [
            .firstMessage, .otherDirection, .assertion, .supposition, .impostor, .forgery, .publishedKey,
            .interception, .counterfeit, .tenant, .reference, .oneWay, .madeUpKey, .bothDirections,
        ])
}
