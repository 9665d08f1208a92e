public import XMPPModel

/// `[[remote]]`: policy for one remote domain, or for every subdomain of one.
public struct RemotePolicy: Sendable, Hashable {
    /// The remote domains that a policy is for.
    public enum Scope: Sendable, Hashable, CustomStringConvertible {
        /// This domain alone.
        case domain(DomainName)
        /// Every domain below this one at any depth, but not itself: `*.example`.
        case subdomains(of: DomainName)

        /// The form of the configuration.
        public var description: String {
            switch self {
            case .domain(let name): name.description
            case .subdomains(let name): "*.\(name)"
            }
        }
    }

    /// A static route in place of DNS.
    public struct Route: Sendable, Hashable {
        /// Where to connect.
        public var address: ConfiguredAddress
        /// Whether TLS begins with the first byte (`tls://…`), rather than with STARTTLS.
        public var directTLS: Bool

        /// Makes a route.
        public init(address: ConfiguredAddress, directTLS: Bool) {
            self.address = address
            self.directTLS = directTLS
        }
    }

    /// `name`.
    public var scope: Scope
    /// The keys of `[federation]` that hold differently here.
    public var overrides: FederationOverrides
    /// `allow`; `false` blocks the domain, both ways.
    public var isAllowed: Bool
    /// `servers`, in the order to try; empty: found by DNS.
    public var routes: [Route]
    /// `posh_server`: where to connect for the domain's POSH documents; name and certificate checks are unchanged.
    public var poshServer: ConfiguredAddress?
    /// `trust_anchors`; `nil`: those of `[tls]`.
    public var trustAnchors: TrustAnchors?
    /// `pin_sha256`: one must match the certificate that the proof was made on, besides the prooftype; empty: no pins.
    public var pins: [PublicKeyPin]
    /// Where its `[[remote]]` begins.
    public var position: SourcePosition

    /// Makes a policy that overrides nothing unless told.
    public init(
        scope: Scope, overrides: FederationOverrides = FederationOverrides(), isAllowed: Bool = true,
        routes: [Route] = [], poshServer: ConfiguredAddress? = nil, trustAnchors: TrustAnchors? = nil,
        pins: [PublicKeyPin] = [], position: SourcePosition
    ) {
        self.scope = scope
        self.overrides = overrides
        self.isAllowed = isAllowed
        self.routes = routes
        self.poshServer = poshServer
        self.trustAnchors = trustAnchors
        self.pins = pins
        self.position = position
    }

    /// Whether the two say the same, wherever each was written.
    public func hasSameSettings(as other: RemotePolicy) -> Bool {
        var moved = self
        moved.position = other.position
        return moved == other
    }

    /// Reads one `[[remote]]`; `nil` when it is unusable, which is reported.
    init?(reading table: TableReader, over base: FederationSettings, validation: DNSSettings.Validation) {
        let scope = Self.scope(reading: table)
        let overrides = FederationOverrides(reading: table, over: base, validation: validation)
        let isAllowed = table.boolean("allow", default: true)
        let routes = Self.routes(reading: table)
        let poshServer = table.address("posh_server", example: "192.0.2.8:443")
        if poshServer != nil { table.needs(.posh, for: "posh_server") }
        let trustAnchors = table.trustAnchors("trust_anchors", for: .trustAnchors)
        if trustAnchors != nil {
            table.requires(
                .remoteTrustAnchors, for: "trust_anchors", "trust anchors for one domain are not built yet",
                mend: "remove it")
        }
        let pins = table.pins("pin_sha256")
        if !pins.isEmpty {
            table.requires(.remotePins, for: "pin_sha256", "pins are not built yet", mend: "remove it")
        }
        table.finish()
        guard let scope else { return nil }
        self.init(
            scope: scope, overrides: overrides, isAllowed: isAllowed, routes: routes, poshServer: poshServer,
            trustAnchors: trustAnchors, pins: pins, position: table.position)
    }

    private static func scope(reading table: TableReader) -> Scope? {
        let mend = "write name = \"b.example\" or \"*.b.example\""
        guard let name = table.requiredString("name", mend: mend) else { return nil }
        if name.hasPrefix("*.") {
            return table.domain(String(name.dropFirst(2)), of: "name", mend: mend).map { .subdomains(of: $0) }
        }
        return table.domain(name, of: "name", mend: mend).map { .domain($0) }
    }

    private static func routes(reading table: TableReader) -> [Route] {
        let directTLSPrefix = "tls://"
        let routes = table.list("servers") { (text: String) -> ElementReading<Route> in
            let directTLS = text.hasPrefix(directTLSPrefix)
            let address = directTLS ? String(text.dropFirst(directTLSPrefix.count)) : text
            guard let address = ConfiguredAddress(address), address.port != 0 else {
                return .refused(
                    "is not an IP address with a port", mend: "write \"192.0.2.7:5269\" or \"tls://192.0.2.7:5270\"")
            }
            return .accepted(Route(address: address, directTLS: directTLS))
        }
        guard let routes, !routes.isEmpty else { return [] }
        table.needs(.staticRoutes, for: "servers")
        if routes.contains(where: \.directTLS) {
            table.requires(
                .directTLS, for: "servers", "direct TLS is not built yet", mend: "write \"192.0.2.7:5269\" for STARTTLS"
            )
        }
        return routes
    }
}
