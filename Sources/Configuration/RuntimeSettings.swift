/// `[runtime]`: how the process runs.
public struct RuntimeSettings: Sendable, Hashable {
    /// What has to be up before the daemon is ready.
    public enum Readiness: String, Sendable, Hashable, CaseIterable {
        /// Listeners and backends.
        case all
        /// Listeners alone.
        case listeners
    }

    /// `event_loops`: how many; `nil` (0 in the file) is one for each core that the process may use.
    public var eventLoops: Int?
    /// `ready_requires`.
    public var readyRequires = Readiness.all

    /// The defaults.
    public init() {}

    private static let mostEventLoops = 1024

    init(reading table: TableReader) {
        let loops = table.integer("event_loops", default: 0, in: 0...Self.mostEventLoops)
        eventLoops = loops == 0 ? nil : loops
        readyRequires = table.choice("ready_requires", default: readyRequires)
        if readyRequires != .all { table.needs(.httpListener, for: "ready_requires") }
        table.finish()
    }
}
