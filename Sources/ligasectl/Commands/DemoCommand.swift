internal import Administration
internal import ArgumentParser

/// `ligasectl demo`; needs no daemon. Not among the subcommands until the module `Demonstration` can be run.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Two complete daemons on loopback that federate (no daemon needed).")

    @OptionGroup var options: CommonOptions

    @Flag(help: "Leave it running.")
    var keep = false

    func run() async throws {
        throw ExitCode(ExitStatus.unavailable.rawValue)
    }
}
