internal import ArgumentParser

/// `ligasectl keys`, and what can be done with them.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The keys that remote domains were proved with.",
        subcommands: [KeysListCommand.self, KeysForgetCommand.self], defaultSubcommand: KeysListCommand.self)

    @OptionGroup var options: CommonOptions
}
