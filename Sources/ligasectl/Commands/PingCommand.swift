internal import Administration
internal import ArgumentParser

/// `ligasectl ping LOCAL REMOTE`.
struct PingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Pings a remote domain from a hosted one, over S2S (XEP-0199).")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("The hosted domain that asks.", valueName: "local"))
    var local: String

    @Argument(help: ArgumentHelp("The domain that is asked.", valueName: "remote"))
    var remote: String

    func run() throws {
        // A stream may have to be opened first, which the daemon gives `timeouts.delivery`.
        try options.perform(
            .ping(local: try Words.domain(local), remote: try Words.domain(remote)), patience: 180)
    }
}
