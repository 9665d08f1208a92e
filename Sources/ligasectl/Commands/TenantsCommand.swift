internal import ArgumentParser

/// `ligasectl tenants`, and what can be done with them.
struct TenantsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "The hosted domains.",
        subcommands: [TenantsListCommand.self, TenantsAddCommand.self, TenantsRemoveCommand.self],
        defaultSubcommand: TenantsListCommand.self)

    @OptionGroup var options: CommonOptions
}
