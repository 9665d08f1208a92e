internal import Administration
internal import ArgumentParser

/// `ligasectl tenants list`, which is what `ligasectl tenants` does.
struct TenantsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the hosted domains.")

    @OptionGroup var options: CommonOptions

    func run() throws {
        try options.perform(.tenants)
    }
}
