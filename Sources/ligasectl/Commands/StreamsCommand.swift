internal import Administration
internal import ArgumentParser

/// `ligasectl streams`.
struct StreamsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "streams", abstract: "Every S2S stream and component.")

    @OptionGroup var options: CommonOptions

    func run() throws {
        try options.perform(.streams)
    }
}
