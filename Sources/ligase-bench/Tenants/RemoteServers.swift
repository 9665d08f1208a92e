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
            print(InboundCost.current(pairs: count.pairs.load(ordering: .relaxed)).line)
            fflush(nil)
            Bench.run(for: .milliseconds(500))
        }
    }
}

/// What pairs that came in have cost the remote servers.
struct InboundCost {
    let pairs: Int
    /// Seconds.
    let processor: Double
    /// Octets.
    let resident: Int
    /// Octets, as malloc counts them.
    let allocated: Int

    static func current(pairs: Int) -> InboundCost {
        let usage = ProcessUsage(process: getpid())
        return InboundCost(
            pairs: pairs, processor: usage.processorSeconds, resident: usage.residentBytes,
            allocated: AllocatedMemory.octets)
    }

    var line: String { "cost\t\(pairs)\t\(processor)\t\(resident)\t\(allocated)" }

    private init(pairs: Int, processor: Double, resident: Int, allocated: Int) {
        self.pairs = pairs
        self.processor = processor
        self.resident = resident
        self.allocated = allocated
    }

    init?(line: Substring) {
        let cells = line.split(separator: "\t")
        guard cells.count == 5, cells[0] == "cost", let pairs = Int(cells[1]), let processor = Double(cells[2]),
            let resident = Int(cells[3]), let allocated = Int(cells[4])
        else { return nil }
        self.init(pairs: pairs, processor: processor, resident: resident, allocated: allocated)
    }
}
