public import XMPPModel

/// `[[dns.zone]]`: names at or under `name` go to these servers only.
public struct DNSZone: Sendable, Hashable {
    /// How we authenticate to the zone's DNS-over-HTTPS servers.
    public enum ClientCredential: Sendable, Hashable {
        /// `username` and the path of `password_file`.
        case password(username: String, file: String)
        /// The paths of `client_certificate` and `client_key`, PEM.
        case certificate(file: String, keyFile: String)
    }

    /// `name`.
    public var name: DomainName
    /// `servers`; never empty.
    public var servers: [NameServer]
    /// `username` with `password_file`, or `client_certificate` with `client_key`; `nil`: none.
    public var credential: ClientCredential?
    /// `ca`, or else `tls.trust_anchors`.
    public var certificateAuthorities: TrustAnchors
    /// `pin_sha256`.
    public var pins: [PublicKeyPin]
    /// `validation`, or else that of `[dns]`.
    public var validation: DNSSettings.Validation
    /// `trust_anchor`: path of the zone's own DS or DNSKEY records; `nil`: those of `[dns]` count.
    public var trustAnchor: String?
    /// Where its `[[dns.zone]]` begins.
    public var position: SourcePosition

    /// Makes a zone.
    public init(
        name: DomainName, servers: [NameServer], credential: ClientCredential? = nil,
        certificateAuthorities: TrustAnchors = .system, pins: [PublicKeyPin] = [],
        validation: DNSSettings.Validation = .local, trustAnchor: String? = nil, position: SourcePosition
    ) {
        self.name = name
        self.servers = servers
        self.credential = credential
        self.certificateAuthorities = certificateAuthorities
        self.pins = pins
        self.validation = validation
        self.trustAnchor = trustAnchor
        self.position = position
    }

    static func all(
        reading table: TableReader, within settings: DNSSettings, defaultAuthorities authorities: TrustAnchors
    ) -> [DNSZone] {
        let zones = table.tables("zone").compactMap {
            DNSZone(reading: $0, within: settings, defaultAuthorities: authorities)
        }
        var first: [DomainName: DNSZone] = [:]
        for zone in zones {
            if let other = first[zone.name] {
                table.error(
                    at: zone.position, "zone.name", "\(zone.name) stands at \(other.position) already",
                    mend: "remove one of the two")
            } else {
                first[zone.name] = zone
            }
            for server in zone.servers {
                // Internal names must not leave, not even to find the server that answers for them (EN-04).
                let internalNames = zones.map(\.name) + settings.provisioningZones
                guard let hiding = server.zoneThatHidesIt(internalNames) else { continue }
                table.error(
                    at: zone.position, "zone.servers",
                    "the address of \(server) would be looked up in clear, and its name is in \(hiding)",
                    mend: server.bootstrapMend)
            }
        }
        return zones
    }

    /// Reads one `[[dns.zone]]`; `nil` when it is unusable, which is reported.
    private init?(
        reading table: TableReader, within settings: DNSSettings, defaultAuthorities: TrustAnchors
    ) {
        let name = table.requiredDomain("name", mend: "write name = \"corp.example\"")
        let servers = table.nameServers("servers")
        let credential = Self.credential(reading: table)
        let authorities = table.trustAnchors("ca", for: .nameServerTrustAnchors)
        let pins = table.pins("pin_sha256")
        let validation = table.choice("validation", default: settings.validation)
        let trustAnchor = table.optionalFile("trust_anchor", for: .signedZoneTrustAnchor)
        if table.isSet("validation") { table.checkValidation(validation, key: "validation") }
        table.needs(.splitZones, for: "name")
        if trustAnchor != nil { table.needs(.signatureValidation, for: "trust_anchor") }
        if !table.isSet("servers") || table.isEmptyArray("servers") {
            table.error("servers", "names no server, and a zone needs one", mend: "add servers = [\"192.0.2.53\"]")
        }
        if let servers {
            DNSServerRules(
                servers: servers, pins: pins, privacy: settings.privacy, allowsCleartext: settings.allowsCleartext
            ).check(in: table, mayUseSystemServers: false)
            // A credential must never be read on the wire, nor by a server that was not meant.
            if credential != nil, servers.contains(where: { !$0.isHTTPS }) {
                table.error(
                    "servers", "only https:// servers can be given a credential",
                    mend: "name https:// servers, or remove the credential")
            }
        }
        table.finish()
        guard let name, let servers else { return nil }
        self.init(
            name: name, servers: servers, credential: credential,
            certificateAuthorities: authorities ?? defaultAuthorities, pins: pins, validation: validation,
            trustAnchor: trustAnchor, position: table.position)
    }

    private static func credential(reading table: TableReader) -> ClientCredential? {
        let username = table.string("username")
        let password = table.optionalFile("password_file", for: .nameServerPassword)
        let certificate = table.optionalFile("client_certificate", for: .nameServerClientCertificate)
        let key = table.optionalFile("client_key", for: .nameServerClientKey)
        table.pair("username", "password_file")
        table.pair("client_certificate", "client_key")
        if let username, username.contains(":") {
            table.error(
                "username", "holds a colon, which would end it on the wire (RFC 7617 §2)", mend: "write one without")
        }
        if table.isSet("username"), table.isSet("client_certificate") {
            table.error(
                "client_certificate", "stands beside username, and only one can hold", mend: "remove one of the two")
        }
        if let username, let password { return .password(username: username, file: password) }
        if let certificate, let key { return .certificate(file: certificate, keyFile: key) }
        return nil
    }
}
