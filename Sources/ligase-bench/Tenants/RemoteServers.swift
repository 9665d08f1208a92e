internal import ArgumentParser
internal import Assembly
internal import DomainAssociation
internal import Federation
internal import Glibc
internal import Synchronization

/// The process with the remote servers of `ligase-bench tenants`: a whole daemon for each. It says all the time how many pairs
/// have come in, and what memory it has.
struct RemoteServers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant-remotes", abstract: "Serves remote domains.", shouldDisplay: false)

    @Argument var files: [String]

    private final class Count: Sendable {
        let pairs = Atomic(0)
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let count = Count()
        let daemons = try files.map { file in
            try EmbeddedDaemon(configuration: file, logDescriptor: STDERR_FILENO) { fact in
                guard case .established(_, let association) = fact, association.isIncoming else { return }
                count.pairs.add(1, ordering: .relaxed)
            }
        }
        try Blocking.wait { for daemon in daemons { try await daemon.start() } }
        print("ready")
        // Until the bench ends it.
        while true {
            let state = InboundMemory.current(pairs: count.pairs.load(ordering: .relaxed))
            print(state.line)
            fflush(nil)
            usleep(500_000)
        }
    }
}

/// What the remote servers have in memory for pairs that came in.
struct InboundMemory {
    let pairs: Int
    /// Octets.
    let resident: Int
    /// Octets, as malloc counts them.
    let allocated: Int

    static func current(pairs: Int) -> InboundMemory {
        InboundMemory(
            pairs: pairs, resident: ProcessUsage(process: getpid()).residentBytes, allocated: AllocatedMemory.octets)
    }

    var line: String { "memory\t\(pairs)\t\(resident)\t\(allocated)" }

    private init(pairs: Int, resident: Int, allocated: Int) {
        self.pairs = pairs
        self.resident = resident
        self.allocated = allocated
    }

    init?(line: Substring) {
        let cells = line.split(separator: "\t")
        guard cells.count == 4, cells[0] == "memory", let pairs = Int(cells[1]), let resident = Int(cells[2]),
            let allocated = Int(cells[3])
        else { return nil }
        self.init(pairs: pairs, resident: resident, allocated: allocated)
    }
}
