internal import ArgumentParser
internal import Glibc

/// Measures Ligase, and other programs beside it, with the same load on the same machine.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ligase-bench", abstract: "Measures Ligase, and other programs beside it.",
        subcommands: [
            StreamBench.self, ResolverBench.self, AssociationBench.self, PairBench.self, SharingBench.self,
            TenantBench.self,
            ResolverSubject.self, AssociationSubject.self, PairSubject.self, TenantSubject.self, RemoteServers.self,
        ], defaultSubcommand: StreamBench.self)

    static func note(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
