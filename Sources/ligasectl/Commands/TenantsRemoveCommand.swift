internal import Administration
internal import ArgumentParser

/// `ligasectl tenants remove NAME`.
struct TenantsRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Stops hosting a domain that was added, with no restart.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("The hosted domain.", valueName: "name"))
    var name: String

    func run() throws {
        try options.perform(.tenantsRemove(name: try Words.domain(name)))
    }
}
