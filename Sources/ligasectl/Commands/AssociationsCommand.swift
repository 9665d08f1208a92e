internal import Administration
internal import ArgumentParser

/// `ligasectl associations [DOMAIN]`.
struct AssociationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "associations", abstract: "Every domain pair, how it was proved, and the evidence.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("Only pairs with this domain, ours or theirs.", valueName: "domain"))
    var domain: String?

    func run() throws {
        try options.perform(.associations(domain: try domain.map(Words.domain)))
    }
}
