internal import Administration
internal import ArgumentParser

/// `ligasectl keys forget DOMAIN`.
struct KeysForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Forgets the keys of a remote domain, so that the next one is accepted.",
        discussion: "For a domain that is refused because its key has changed, once its operator has confirmed the new "
            + "key in another way. To accept that key and no other, name it in pin_sha256 instead.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("The remote domain.", valueName: "domain"))
    var domain: String

    func run() throws {
        try options.perform(.keysForget(domain: try Words.domain(domain)))
    }
}
