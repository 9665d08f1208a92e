/// The answer to `status`.
public struct StatusReply: Hashable, Sendable, Codable {
    /// One listening socket.
    public struct Listener: Hashable, Sendable, Codable {
        /// The key of `[listen]`: `s2s`, `s2s_direct_tls`, `component`, `inside`, `http` or `control`.
        public var name: String
        /// What it is bound to: `[::]:5269`, or a path.
        public var address: String
        /// Whether it accepts connections.
        public var up: Bool
        /// Whether the socket was passed by systemd.
        public var passed: Bool

        /// Makes a listener.
        public init(name: String, address: String, up: Bool = true, passed: Bool = false) {
            self.name = name
            self.address = address
            self.up = up
            self.passed = passed
        }
    }

    /// What the daemon is doing.
    public enum State: String, Hashable, Sendable, Codable {
        /// Listeners and backends are not all up.
        case starting
        /// Ready.
        case serving
        /// SIGTERM arrived: no new streams.
        case draining
    }

    /// The daemon's version.
    public var version: String
    /// The daemon's process.
    public var processID: Int32
    /// What it is doing.
    public var state: State
    /// When it started.
    public var started: Timestamp
    /// Seconds since then.
    public var uptime: Int64
    /// The configuration file in force.
    public var configuration: String
    /// Every listening socket.
    public var listeners: [Listener]
    /// How many hosted domains.
    public var tenants: Int
    /// How many streams of every kind.
    public var streams: Int
    /// How many components and servers behind us are connected.
    public var backends: Int
    /// How many associated domain pairs.
    public var associations: Int
    /// How many stanzas wait for a stream.
    public var queuedStanzas: Int
    /// Their size in bytes.
    public var queuedBytes: Int
    /// The name servers, in the order of preference, and how they fare (EN-12).
    public var dns: [NameServerSummary]
    /// What an operator should know and mend; empty when all is well.
    public var warnings: [String]

    /// Makes a status.
    public init(
        version: String, processID: Int32, state: State, started: Timestamp, uptime: Int64, configuration: String,
        listeners: [Listener], tenants: Int, streams: Int, backends: Int, associations: Int, queuedStanzas: Int,
        queuedBytes: Int, dns: [NameServerSummary] = [], warnings: [String] = []
    ) {
        self.version = version
        self.processID = processID
        self.state = state
        self.started = started
        self.uptime = uptime
        self.configuration = configuration
        self.listeners = listeners
        self.tenants = tenants
        self.streams = streams
        self.backends = backends
        self.associations = associations
        self.queuedStanzas = queuedStanzas
        self.queuedBytes = queuedBytes
        self.dns = dns
        self.warnings = warnings
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case processID = "process_id"
        case state, started, uptime, configuration, listeners, tenants, streams, backends, associations
        case queuedStanzas = "queued_stanzas"
        case queuedBytes = "queued_bytes"
        case dns, warnings
    }
}
