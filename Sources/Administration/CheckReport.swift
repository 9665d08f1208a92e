/// What `check` found out about a remote domain, step by step.
public struct CheckReport: Hashable, Sendable {
    /// The strongest that the remote domain can reach.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// A prooftype proves it.
        case authenticated
        /// TLS comes up, and dialback would vouch for it.
        case encrypted
        /// Dialback in clear only.
        case verified
        /// Nothing of that.
        case none

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
        /// As OpenSSL writes it; nil while no connection was made.
        public var tlsVersion: String?
        /// Who the certificate is for, who issued it and until when, in one line; nil while no connection was made.
        public var certificate: String?

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
        /// `proven`, `inconclusive`, `refuted` or `absent`.
        public var result: String
        /// Why.
        public var reason: String
        /// What it rests on, by name.
        public var evidence: [String: String]

        /// Makes a proof's result.
        public init(result: String, reason: String, evidence: [String: String] = [:]) {
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
        case certificate
    }

    /// Writes the element of `targets`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(host, forKey: .host)
        try container.encode(address, forKey: .address)
        try container.encode(port, forKey: .port)
        try container.encode(directTLS, forKey: .directTLS)
        try container.encode(tlsVersion, forKey: .tlsVersion)
        try container.encode(certificate, forKey: .certificate)
    }
}

extension CheckReport {
    /// The lines that `check` prints, each with its line feed.
    public var text: String {
        var lines: [String] = []
        let width = Result.absent.rawValue.utf8.count + 1
        for step in steps {
            lines.append(DisplayText.padded(step.result.rawValue, to: width) + "  \(step.name): \(step.detail)")
            if let fix = step.fix { lines.append(DisplayText.padded("", to: width) + "  fix: " + fix) }
        }
        for (name, proof) in prooftypes.sorted(by: { $0.key < $1.key }) {
            lines.append("\(name): \(proof.result), \(proof.reason)")
        }
        lines.append("\(domain) (\(service)): \(verdict.rawValue)")
        return lines.map { DisplayText.escaped($0) + "\n" }.joined()
    }
}
