internal import Administration
internal import ArgumentParser

/// `ligasectl keys list [DOMAIN]`, which is what `ligasectl keys` does.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys that remote domains were proved with.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("Only this remote domain.", valueName: "domain"))
    var domain: String?

    func run() throws {
        try options.perform(.keys(domain: try domain.map(Words.domain)))
    }
}
