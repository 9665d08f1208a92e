internal import Administration
internal import ArgumentParser
internal import XMPPModel

/// `ligasectl close STREAM-ID|DOMAIN`.
struct CloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "close", abstract: "Closes streams gracefully.")

    @OptionGroup var options: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "A stream as “streams” lists it (s17), or a domain: every stream with a pair of it.",
            valueName: "stream-id|domain"))
    var target: String

    func run() throws {
        let closeTarget: CloseTarget
        do throws(AddressError) {
            closeTarget = try CloseTarget(target)
        } catch {
            throw ValidationError("“\(target)” is neither a stream nor a domain: \(error)")
        }
        try options.perform(.close(target: closeTarget))
    }
}
