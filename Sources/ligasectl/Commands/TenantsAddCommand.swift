internal import Administration
internal import ArgumentParser
internal import Assembly
internal import Glibc

/// `ligasectl tenants add FILE`.
struct TenantsAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Hosts the domains of a TOML file, with no restart.",
        discussion: "The file holds one or more [[domain]] tables, as in the configuration. They are kept in the state "
            + "directory and survive a restart.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("A TOML file of [[domain]] tables.", valueName: "file"))
    var file: String

    func run() throws {
        try options.perform(try request(), patience: 120)
    }

    private func request() throws -> AdministrationRequest {
        let content: [UInt8]
        do throws(WholeFile.Failure) {
            content = try WholeFile.read(file)
        } catch {
            throw Output.exit(
                after: AdministrationFailure(
                    "\(file): \(error.reason)", exitCode: error.isTooLong ? .dataError : .noInput))
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Output.exit(after: AdministrationFailure("\(file): not UTF-8", exitCode: .dataError))
        }
        return .tenantsAdd(text: text, fileName: absolutePath())
    }

    /// The daemon has another working directory.
    private func absolutePath() -> String {
        guard let resolved = realpath(file, nil) else { return file }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
