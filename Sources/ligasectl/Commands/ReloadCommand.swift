internal import Administration
internal import ArgumentParser

/// `ligasectl reload`.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Reads configuration and certificates again; streams whose settings did not change are kept.")

    @OptionGroup var options: CommonOptions

    func run() throws {
        try options.perform(.reload, patience: 120)
    }
}
