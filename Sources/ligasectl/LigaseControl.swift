internal import Administration
internal import ArgumentParser
internal import Assembly

/// The operator's tool.
@main
struct LigaseControl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ligasectl",
        abstract: "Controls a running Ligase daemon.",
        discussion: "Exit codes follow sysexits: 64 for a wrong command line, 69 when no daemon answers, 77 without "
            + "permission, and what the daemon answers otherwise.",
        version: Daemon.version,
        subcommands: [
            StatusCommand.self, StreamsCommand.self, AssociationsCommand.self, TenantsCommand.self, KeysCommand.self,
            CloseCommand.self, PingCommand.self, ReloadCommand.self, CheckCommand.self, ResolveCommand.self,
            POSHCommand.self, TLSACommand.self, DialbackKeyCommand.self, DemoCommand.self,
        ])

    // Declared here as well as in each command, so that they may stand on either side of the command's name.
    @OptionGroup var options: CommonOptions
}
