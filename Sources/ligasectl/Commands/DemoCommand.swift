internal import Administration
internal import ArgumentParser
internal import Demonstration
internal import Glibc

/// `ligasectl demo`; needs no daemon.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Complete daemons on loopback that prove each other in every way, and some that are refused "
            + "(no daemon needed).",
        discussion: "Needs no root, no network and no configuration, takes a second or two, and leaves nothing behind. "
            + "Exits with 0 when everything came as it should.")

    @OptionGroup var options: CommonOptions

    @Flag(help: "Leave it running until Ctrl-C.")
    var keep = false

    func run() async throws {
        var options = DemonstrationRun.Options()
        options.keepsRunning = keep
        options.asJSON = self.options.json
        options.takesSignals = true
        options.isColoured = isatty(STDOUT_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        options.program = CommandLine.arguments.first ?? options.program
        let end: DemonstrationRun.End
        do {
            end = try await DemonstrationRun(options: options) { Output.writeUnlessUnread($0) }.perform()
        } catch {
            throw Output.exit(after: AdministrationFailure("\(error)", exitCode: .systemError))
        }
        switch end {
        case .finished(let result): if !result.succeeded { throw ExitCode.failure }
        // As a shell counts it.
        case .interrupted: throw ExitCode(128 + SIGINT)
        }
    }
}
