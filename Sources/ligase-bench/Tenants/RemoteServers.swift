internal import ArgumentParser
internal import Assembly
internal import Glibc

/// The process with the remote servers of `ligase-bench tenants`: a whole daemon for each.
struct RemoteServers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant-remotes", abstract: "Serves remote domains.", shouldDisplay: false)

    @Argument var files: [String]

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let daemons = try files.map { file in
            try EmbeddedDaemon(configuration: file, logDescriptor: STDERR_FILENO) { _ in }
        }
        try Blocking.wait { for daemon in daemons { try await daemon.start() } }
        print("ready")
        fflush(nil)
        // Until the bench ends it.
        while true { pause() }
    }
}
