internal import Administration
internal import ArgumentParser
internal import Assembly
internal import Configuration
internal import XMPPModel

/// `ligasectl check DOMAIN`; needs no daemon.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Goes the way to a remote domain as the daemon would, and says what to mend (no daemon needed).",
        discussion:
            "Looks at every server that the domain names: DNSSEC, TLSA records, TLS, certificates, POSH, and what each "
            + "prooftype makes of them. It sends no stanza; with --from it tries EXTERNAL with the domain's certificate, and "
            + "dialback with the daemon's secret, which the running daemon has to confirm. Exits with 0 when a prooftype "
            + "proves the domain, 1 when it is only encrypted or verified, 2 when it is not reached at all.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("The remote domain.", valueName: "domain"))
    var domain: String

    @Option(help: ArgumentHelp("xmpp-server or xmpp-client.", valueName: "service"))
    var service = CheckedService.server.rawValue

    @Option(
        help: ArgumentHelp(
            "A domain of ours, on whose behalf to ask: EXTERNAL and dialback are tried for it.", valueName: "local"))
    var from: String?

    private func words() throws -> (domain: DomainName, service: CheckedService, sender: DomainName?) {
        guard let service = CheckedService(rawValue: service) else {
            throw ValidationError("“\(service)” is not a service; write xmpp-server or xmpp-client")
        }
        return (try Words.domain(domain), service, try from.map(Words.domain))
    }

    // What is refused here is answered with the usage of this command, and not of the whole program.
    func validate() throws { _ = try words() }

    func run() async throws {
        let (domain, service, sender) = try words()
        let lookup = try Lookups.make(options)
        let report: CheckReport
        do {
            report = try await lookup.check(domain, service, from: sender)
        } catch let errors as ConfigurationErrors {
            throw Output.exit(
                after: AdministrationFailure(
                    "the configuration does not say how domains are judged; mend it or name another with --config",
                    details: errors.errors.map(\.description), exitCode: .configuration))
        } catch {
            throw Output.exit(after: AdministrationFailure("\(error)", exitCode: .systemError))
        }
        try Output.write(report, text: report.text(width: Output.columns), asJSON: options.json)
        if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
    }
}
