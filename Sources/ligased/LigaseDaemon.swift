internal import ArgumentParser
internal import Assembly

/// The daemon, in the foreground, logging to standard error.
@main
struct LigaseDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ligased", abstract: "XMPP server-to-server federation daemon.", version: Daemon.version)

    @Option(help: "The configuration file.")
    var config = "/etc/ligase/ligase.toml"

    @Flag(help: "Read and check the whole configuration, open no socket, and exit: 0, or 78 with every error found.")
    var checkConfig = false

    mutating func run() async throws {
        let status = checkConfig ? Daemon.check(configuration: config) : await Daemon.run(configuration: config)
        throw ExitCode(status)
    }
}
