internal import EventLoops
internal import TestSupport

/// What thousands of hosted domains prove themselves by to remote servers.
enum TenantProof: String, CaseIterable {
    /// One certificate names them all: they are subdomains of the provider's domain.
    case certificate
    /// Likewise, but it is shown to those alone who dial, as public authorities issue them: remote servers dial back.
    case withheld
    /// No certificate names them: each is a domain of its own, and remote servers dial back.
    case dialback
}

/// One Ligase with thousands of hosted domains, and remote servers: addresses, certificates and configurations.
struct TenantPlan {
    /// Tenants of the plan are below this.
    static let suffix = "tenants.test"
    /// Remote servers are below this.
    static let remoteSuffix = "remotes.test"
    /// Stands in the configuration from the beginning, and has a stream to each remote server first.
    static let provider = "provider.\(suffix)"

    let directory: String
    let domains: Int
    let configurationFile: String
    let tenantFile: String
    let remoteFiles: [String]

    init(
        domains: Int, remotes: Int, proof: TenantProof, isBidirectional: Bool, in directory: TemporaryDirectory
    ) throws {
        self.domains = domains
        self.directory = directory.path
        let authority = try BenchmarkAuthority()
        let own =
            switch proof {
            case .certificate, .withheld: try authority.issue("*.\(Self.suffix)")
            case .dialback: try authority.selfSigned()
            }
        try own.write("own", to: directory)
        try authority.issue("*.\(Self.remoteSuffix)").write("remotes", to: directory)
        try authority.write(to: directory)
        let address = LoopbackAddress.unused()
        let ownEndpoint = try Endpoint.unused(on: address)
        var remoteFiles: [String] = []
        var routes = ""
        for number in 0..<remotes {
            let endpoint = try Endpoint.unused(on: LoopbackAddress.unused())
            routes += Self.route(Self.remote(number), to: endpoint)
            let text =
                Self.settings("remote\(number)", "remotes", at: endpoint, loops: 1)
                + "[federation]\nprooftypes = [\"pkix\"]\ndane = \"off\"\nbidirectional = \(isBidirectional)\n"
                + (proof == .dialback ? "level = \"encrypted\"\n" : "") + Self.limits
                + Self.domain(Self.remote(number)) + Self.route("*.\(Self.suffix)", to: ownEndpoint)
            remoteFiles.append(try directory.write(text, to: "remote\(number).toml"))
        }
        self.remoteFiles = remoteFiles
        configurationFile = try directory.write(
            Self.settings("own", "own", at: ownEndpoint, loops: 2, presentsCertificate: proof != .withheld)
                + "[federation]\nprooftypes = [\"pkix\"]\ndane = \"off\"\n" + Self.limits + Self.domain(Self.provider)
                + routes, to: "ligase.toml")
        var tenants = ""
        for number in 0..<domains { tenants += Self.domain(Self.tenant(number)) }
        tenantFile = try directory.write(tenants, to: "tenants.toml")
    }

    static func tenant(_ number: Int) -> String { "t\(number).\(suffix)" }

    static func remote(_ number: Int) -> String { "r\(number).\(remoteSuffix)" }

    private static func domain(_ name: String) -> String { "[[domain]]\nname = \"\(name)\"\nbackend = \"builtin\"\n" }

    private static func route(_ name: String, to endpoint: Endpoint) -> String {
        "[[remote]]\nname = \"\(name)\"\nservers = [\"\(endpoint)\"]\n"
    }

    /// What waits is all the load at once, and comes from one address.
    private static let limits = """
        [limits]
        streams_per_address = 0
        handshakes_per_second_per_address = 0
        queued_stanzas_per_domain = 0
        queued_bytes_per_domain = 0
        queued_bytes = 0
        [timeouts]
        idle = 0
        delivery = 600
        dialback = 600

        """

    private static func settings(
        _ name: String, _ certificate: String, at s2s: Endpoint, loops: Int, presentsCertificate: Bool = true
    ) -> String {
        """
        state_directory = "\(name)-state"
        [log]
        level = "error"
        [listen]
        s2s = ["\(s2s)"]
        s2s_direct_tls = []
        component = []
        http = []
        control = "\(name).sock"
        [tls]
        certificate = "\(certificate).pem"
        private_key = "\(certificate).key"
        trust_anchors = "authority.pem"
        present_certificate = \(presentsCertificate)
        [runtime]
        event_loops = \(loops)
        [dns]
        servers = ["127.0.0.1:9"]
        validation = "off"

        """
    }
}
