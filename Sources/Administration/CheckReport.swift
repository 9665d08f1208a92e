/// What `check` found out about a remote domain, step by step.
public struct CheckReport: Hashable, Sendable {
    /// The strongest that the remote domain can reach.
    public enum Verdict: String, Hashable, Sendable, Codable, Comparable {
        /// A prooftype proves it.
        case authenticated
        /// TLS comes up, and dialback would vouch for it.
        case encrypted
        /// Dialback in clear only.
        case verified
        /// Nothing of that.
        case none

        /// Orders by strength.
        public static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .none: 0
            case .verified: 1
            case .encrypted: 2
            case .authenticated: 3
            }
        }

        /// The exit code of `check`: 0 authenticated, 1 encrypted or verified only, 2 not at all.
        public var exitCode: Int32 {
            switch self {
            case .authenticated: 0
            case .encrypted, .verified: 1
            case .none: 2
            }
        }
    }

    /// What came of a step.
    public enum Result: String, Hashable, Sendable, Codable {
        /// As it should be.
        case ok
        /// It works, and should be better.
        case warning
        /// It does not work.
        case failed
        /// There is no such thing, which need not be wrong, or it was not tried.
        case absent
    }

    /// One step.
    public struct Step: Hashable, Sendable {
        /// What was looked at, such as `srv _xmpp-server._tcp.a.example`.
        public var name: String
        /// What came of it.
        public var result: Result
        /// What was found.
        public var detail: String
        /// What to do about it, and who; nil when there is nothing to do.
        public var fix: String?

        /// Makes a step.
        public init(_ name: String, _ result: Result, _ detail: String, fix: String? = nil) {
            self.name = name
            self.result = result
            self.detail = detail
            self.fix = fix
        }
    }

    /// One place where the domain says that it takes connections.
    public struct Target: Hashable, Sendable {
        /// The host: a name, or an address.
        public var host: String
        /// The address; nil where the host has none.
        public var address: String?
        /// The TCP port.
        public var port: UInt16
        /// Whether TLS begins with the first octet (XEP-0368).
        public var directTLS: Bool
        /// Such as `TLSv1.3`; nil where TLS did not come up.
        public var tlsVersion: String?
        /// The cipher suite by its standard name; nil where TLS did not come up.
        public var cipher: String?
        /// Who the certificate is for, who issued it and until when, in one line; nil where there is none.
        public var certificate: String?
        /// The strongest that the domain reaches here; nil where nothing was tried.
        public var verdict: Verdict?
        /// The prooftypes that prove the domain here, by name.
        public var proven: [String] = []

        /// Makes a target to which no connection was made yet.
        public init(host: String, address: String?, port: UInt16, directTLS: Bool) {
            self.host = host
            self.address = address
            self.port = port
            self.directTLS = directTLS
        }
    }

    /// What a prooftype says of the domain.
    public struct Proof: Hashable, Sendable, Codable {
        /// How it ended.
        public enum Result: String, Hashable, Sendable, Codable {
            /// It proves the domain. Dialback: a server of it takes the domain of ours that asked.
            case proven
            /// There is something that it could rest on, and it does not hold. Dialback: it was tried, and no server takes
            /// the domain of ours.
            case failed
            /// There is nothing that it could rest on, or no connection was made.
            case absent
            /// Dialback only: the server offers it; it was not tried.
            case offered
        }

        /// How it ended.
        public var result: Result
        /// Why.
        public var reason: String
        /// What it rests on, by name.
        public var evidence: [String: String]

        /// Makes a proof's result.
        public init(result: Result, reason: String, evidence: [String: String] = [:]) {
            self.result = result
            self.reason = reason
            self.evidence = evidence
        }
    }

    /// The remote domain.
    public var domain: String
    /// `xmpp-server` or `xmpp-client`.
    public var service: String
    /// The strongest that it can reach.
    public var verdict: Verdict
    /// What was looked at, in order.
    public var steps: [Step]
    /// Where it takes connections, in the order in which they are tried.
    public var targets: [Target]
    /// What each of `pkix`, `dane`, `posh` and `dialback` says.
    public var prooftypes: [String: Proof]

    /// Makes a report to which steps are added.
    public init(domain: String, service: String) {
        self.domain = domain
        self.service = service
        verdict = .none
        steps = []
        targets = []
        prooftypes = [:]
    }
}

// The synthesised forms would leave a nil member away; scripts find every name, with null where there is nothing.
extension CheckReport: Codable {}

extension CheckReport.Step: Codable {
    private enum CodingKeys: String, CodingKey { case name, result, detail, fix }

    /// Writes the element of `steps`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(result, forKey: .result)
        try container.encode(detail, forKey: .detail)
        try container.encode(fix, forKey: .fix)
    }
}

extension CheckReport.Target: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, address, port
        case directTLS = "direct_tls"
        case tlsVersion = "tls_version"
        case cipher, certificate, verdict, proven
    }

    /// Writes the element of `targets`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(host, forKey: .host)
        try container.encode(address, forKey: .address)
        try container.encode(port, forKey: .port)
        try container.encode(directTLS, forKey: .directTLS)
        try container.encode(tlsVersion, forKey: .tlsVersion)
        try container.encode(cipher, forKey: .cipher)
        try container.encode(certificate, forKey: .certificate)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(proven, forKey: .proven)
    }
}
