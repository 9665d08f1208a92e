public import Configuration
public import DomainAssociation
public import Routing
public import StreamProtocol
internal import Synchronization
public import TransportSecurity
internal import XMLStreaming
public import XMPPModel

/// What the configuration amounts to once its files are read: one immutable value, shared by all loops. A reload makes a
/// new one.
public final class Deployment: Sendable {
    /// A hosted domain.
    public struct Host: Sendable {
        /// What stands behind it.
        public enum Service: Hashable, Sendable {
            /// An XEP-0114 component, with its secret.
            case component(secret: [UInt8])
            /// A small service of our own.
            case builtin
        }

        /// What stands behind it.
        public var service: Service
        /// Its certificate and key; nil when it uses the default one.
        public var identity: TLSIdentity?
        /// Certificates that its documents name besides the one that it presents.
        public var announced: [PeerCertificate]
        /// As the configuration has it.
        public var settings: HostedDomain

        /// Makes a host.
        public init(
            service: Service, identity: TLSIdentity?, announced: [PeerCertificate] = [], settings: HostedDomain
        ) {
            self.service = service
            self.identity = identity
            self.announced = announced
            self.settings = settings
        }

        /// The kind of backend as the configuration writes it.
        public var backendName: String {
            switch service {
            case .component: "component"
            case .builtin: "builtin"
            }
        }
    }

    /// The concrete parts that only the assembly knows.
    public struct Parts: Sendable {
        /// The features of one new stream.
        public var streamFeatures: @Sendable () -> [any StreamFeature]
        /// The policy for a remote domain.
        public var policy: @Sendable (DomainName) -> FederationPolicy
        /// The backend of a connection on the component listener. The arguments find a component's secret and say
        /// whether a domain is already connected.
        public var componentBackend:
            @Sendable (
                _ secret: @escaping @Sendable (DomainName) -> [UInt8]?,
                _ isConnected: @escaping @Sendable (DomainName) -> Bool
            ) -> any Backend
        /// The backend of a domain that has no connection.
        public var builtinBackend: @Sendable (DomainName) -> any Backend

        /// Collects the parts.
        public init(
            streamFeatures: @escaping @Sendable () -> [any StreamFeature],
            policy: @escaping @Sendable (DomainName) -> FederationPolicy,
            componentBackend:
                @escaping @Sendable (
                    _ secret: @escaping @Sendable (DomainName) -> [UInt8]?,
                    _ isConnected: @escaping @Sendable (DomainName) -> Bool
                ) -> any Backend,
            builtinBackend: @escaping @Sendable (DomainName) -> any Backend
        ) {
            self.streamFeatures = streamFeatures
            self.policy = policy
            self.componentBackend = componentBackend
            self.builtinBackend = builtinBackend
        }
    }

    /// The configuration as it was read.
    public let configuration: Configuration
    /// The hosted domains.
    public let hosts: [DomainName: Host]
    /// The identity of hosts that have none of their own; nil when there is none.
    public let defaultIdentity: TLSIdentity?
    /// What the documents of hosts without an identity of their own name besides the default one.
    public let announced: [PeerCertificate]
    /// Makes and knows the dialback keys of the hosted domains (XEP-0185).
    public let dialbackKeys: any DialbackKeys
    /// The concrete parts.
    public let parts: Parts
    /// Tells it from every other of this process, also from those that are gone.
    let number = Deployment.nextNumber()
    let serverContext: TLSContext
    let clientContext: TLSContext
    let remotes: RemotePolicyIndex
    let former: Set<DomainName>
    /// The hosted domains as the router knows them; made once for all loops.
    let hostedDomains: HostedDomains

    /// Makes a deployment.
    ///
    /// - Throws: ``TLSContextFailure`` when TLS cannot be set up at all.
    public init(
        configuration: Configuration, hosts: [DomainName: Host], defaultIdentity: TLSIdentity?,
        announced: [PeerCertificate] = [], dialbackKeys: any DialbackKeys, parts: Parts
    ) throws(TLSContextFailure) {
        self.configuration = configuration
        self.hosts = hosts
        self.defaultIdentity = defaultIdentity
        self.announced = announced
        self.dialbackKeys = dialbackKeys
        self.parts = parts
        remotes = RemotePolicyIndex(configuration.remotes)
        former = Set(configuration.federation.formerDomains)
        hostedDomains = HostedDomains(hosts.mapValues(\.backendName), former: former)
        let version: TLSVersion =
            switch configuration.tls.minimumVersion {
            case .tls12: .tls12
            case .tls13: .tls13
            }
        serverContext = try TLSContext.server(defaultIdentity: defaultIdentity, versions: version ... .tls13) { name in
            (try? DomainName(name)).flatMap { hosts[$0]?.identity }
        }
        clientContext = try TLSContext.client(versions: version ... .tls13)
    }

    private static let lastNumber = Atomic<UInt64>(0)

    private static func nextNumber() -> UInt64 {
        lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// The certificate and key for one of our domains.
    func identity(for domain: DomainName) -> TLSIdentity? { hosts[domain]?.identity ?? defaultIdentity }

    /// What one of our domains publishes (PO-23): the certificate that it presents, then those that are announced; nil when
    /// it is not hosted.
    public func publishedCertificates(of domain: DomainName) -> [PeerCertificate]? {
        guard let host = hosts[domain] else { return nil }
        let presented = (host.identity ?? defaultIdentity)?.certificates.prefix(1) ?? []
        return presented + host.announced + (host.identity == nil ? announced : [])
    }

    /// Whether stanzas are exchanged with a remote domain at all (RT-14).
    func isAllowed(_ domain: DomainName) -> Bool { remotes.policy(for: domain)?.isAllowed ?? true }

    /// The policy for a remote domain as the configuration writes it: what its `[[remote]]` overrides, and `[federation]` for
    /// the rest.
    func settings(for domain: DomainName) -> FederationSettings {
        configuration.federation(under: remotes.policy(for: domain))
    }

    /// What TLSA records are for with a remote domain: whether they are looked at, and whether they bind.
    func danePolicy(for domain: DomainName) -> (isAsked: Bool, isBinding: Bool) {
        let policy = remotes.policy(for: domain)
        let isBinding = configuration.daneCondition(under: policy) != .off
        return (isBinding || configuration.federation(under: policy).prooftypes.contains("dane"), isBinding)
    }

    /// Whether POSH may prove a remote domain.
    func usesPOSH(for domain: DomainName) -> Bool {
        settings(for: domain).prooftypes.contains("posh")
    }

    /// Whether a remote domain would be judged as before.
    func hasSamePolicy(for domain: DomainName, as former: Deployment) -> Bool {
        let own = remotes.policy(for: domain)
        let theirs = former.remotes.policy(for: domain)
        let isSameRemote = if let own, let theirs { own.hasSameSettings(as: theirs) } else { own == theirs }
        return isSameRemote && configuration.tls.trustAnchors == former.configuration.tls.trustAnchors
            && configuration.federation(under: own) == former.configuration.federation(under: theirs)
            && configuration.daneCondition(under: own) == former.configuration.daneCondition(under: theirs)
    }

    /// The TLS session of a stream that we open.
    ///
    /// Our certificate is the one of the sender (TL-09); the server name is the target domain, never an SRV target
    /// (TL-10).
    ///
    /// - Parameter withholdsCertificate: Whether none is presented although there is one: the peer would not have it.
    func clientSession(
        for pair: DomainPair, directTLS: Bool, withholdsCertificate: Bool = false
    ) throws(TLSContextFailure) -> TLSSession {
        let presents = configuration.tls.presentsCertificate && !withholdsCertificate
        return try TLSSession(
            context: clientContext, serverName: pair.target.isAddressLiteral ? nil : pair.target.ascii,
            applicationProtocols: directTLS ? ["xmpp-server"] : [],
            identity: presents ? identity(for: pair.sender) : nil)
    }

    /// The TLS session of a connection on the direct TLS listener; the server name chooses the certificate.
    func directServerSession() throws(TLSContextFailure) -> TLSSession {
        try TLSSession(context: serverContext, applicationProtocols: ["xmpp-server"])
    }

    /// What a peer may send before it has authenticated (DO-02).
    var limitsBeforeAuthentication: XMLLimits {
        var limits = XMLLimits.unauthenticated
        limits.elementBytes = LimitSettings.stanzaBytesBeforeAuthentication
        limits.depth = min(limits.depth, configuration.limits.stanzaDepth)
        return limits
    }

    /// What a peer may send once it has.
    var limitsAfterAuthentication: XMLLimits {
        XMLLimits(elementBytes: configuration.limits.stanzaBytes, depth: configuration.limits.stanzaDepth)
    }

    /// What we know of a domain that a peer addresses.
    func host(_ domain: DomainName) -> StreamPolicy.Host {
        hosts[domain] != nil ? .hosted : former.contains(domain) ? .former : .unknown
    }

    /// The secret of a component, nil when the domain is no component of ours.
    func componentSecret(of domain: DomainName) -> [UInt8]? {
        guard case .component(let secret)? = hosts[domain]?.service else { return nil }
        return secret
    }
}
