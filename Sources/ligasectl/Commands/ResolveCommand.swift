internal import Administration
internal import ArgumentParser
internal import Assembly

/// `ligasectl resolve NAME TYPE`; needs no daemon.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Looks a name up through the configured servers, and validates (no daemon needed).",
        discussion: "Prints the records, their DNSSEC status, the reason and the chain of trust. Exits with 0 secure, "
            + "1 insecure, 2 bogus, 3 indeterminate.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("The name, such as _xmpp-server._tcp.a.example.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("The type of record: A, AAAA, SRV, TLSA, … or TYPE123.", valueName: "type"))
    var type: String

    @Option(help: ArgumentHelp("Judge signatures as of this time (RFC 3339).", valueName: "time"))
    var at: String?

    func run() async throws {
        let moment = try at.map(Words.moment)
        let lookup = try Lookups.make(options)
        let report: LookupReport
        do {
            report = try await lookup.resolve(name, type, at: moment?.secondsSince1970)
        } catch let refusal as NameLookup.Refusal {
            throw ValidationError("\(refusal)")
        } catch {
            throw Output.exit(after: AdministrationFailure("\(error)", exitCode: .systemError))
        }
        try Output.write(report, text: report.text, asJSON: options.json)
        if report.status.exitCode != 0 { throw ExitCode(report.status.exitCode) }
    }
}
