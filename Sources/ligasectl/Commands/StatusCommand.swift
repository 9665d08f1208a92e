internal import Administration
internal import ArgumentParser

/// `ligasectl status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Version, uptime, listeners, and how much there is of everything.")

    @OptionGroup var options: CommonOptions

    func run() throws {
        try options.perform(.status)
    }
}
