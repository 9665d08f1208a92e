internal import DNSMessages
internal import EventLoops
internal import HTTPExchange
internal import NameResolution

/// Performs what a ``ProvisioningDiscovery`` orders.
final class ProvisioningRun {
    private let settings: DiscoverySettings.Provisioning
    private let tools: DiscoveryTools
    private let resolver: any NameResolver
    private let acted: (Change) -> Void
    private var discovery: ProvisioningDiscovery
    private let client: HTTPClient
    private var exchange: HTTPExchangeHandle?
    /// Tells the answers of this fetch from those of an earlier one.
    private var fetch = 0
    private lazy var timer = tools.loop.timer { [weak self] in self?.handle(.timerFired) }

    /// What has an effect elsewhere.
    enum Change {
        case zones([ResolutionZone])
        case report(ProvisioningNotice)
    }

    /// - Parameters:
    ///   - resolver: Knows the address of the domain's web server.
    ///   - acted: Called for everything that has an effect elsewhere.
    init(
        _ settings: DiscoverySettings.Provisioning, _ tools: DiscoveryTools, resolver: any NameResolver,
        acted: @escaping (Change) -> Void
    ) {
        self.settings = settings
        self.tools = tools
        self.resolver = resolver
        self.acted = acted
        client = HTTPClient(on: tools.loop)
        discovery = ProvisioningDiscovery(
            domain: settings.domain, allowed: settings.allowedZones,
            networks: settings.networks ?? InterfacePrefixes.current(), servers: settings.servers,
            validation: settings.validation, seed: .random(in: UInt64.min...UInt64.max))
    }

    func start() { handle(.started) }

    func shutDown() {
        fetch += 1
        timer.cancel()
        exchange?.cancel()
        client.shutDown()
    }

    private func handle(_ event: ProvisioningDiscovery.Event) {
        for action in discovery.handle(event, at: tools.now()) {
            switch action {
            case .fetch: begin()
            case .setTimer(let delay): timer.rearm(after: delay)
            case .zonesChanged(let zones): acted(.zones(zones))
            case .report(let notice): acted(.report(notice))
            }
        }
    }

    private func begin() {
        fetch += 1
        do throws(HTTPURLError) {
            let url = try HTTPURL(
                host: settings.domain.description, port: settings.port, target: ProvisioningDiscovery.path)
            locate(url, redirections: 0)
        } catch {
            finishLater(.failure(.redirection("\(error)")))
        }
    }

    private func locate(_ url: HTTPURL, redirections: Int) {
        if let address = url.literalAddress { return request(url, at: [address], redirections: redirections) }
        guard let name = try? DNSName(url.host) else {
            return finishLater(.failure(.redirection(url.host)))
        }
        let current = fetch
        var found: [IPAddress] = []
        var families = 0
        var failure: LookupFailure?
        resolver.addresses(of: .name(name)) { [weak self] resolution in
            guard let self, fetch == current else { return }
            families += 1
            found += resolution.addresses
            failure = resolution.failure ?? failure
            guard families == 2 else { return }
            let addresses = AddressSelection.order(found).compactMap {
                SocketAddress(octets: $0.octets, port: url.port)
            }
            guard !addresses.isEmpty else {
                let reason = failure.map { "\($0)" } ?? "\(url.host) has no address"
                return handle(.fetched(.failure(.unreachable(reason))))
            }
            request(url, at: addresses, redirections: redirections)
        }
    }

    private func request(_ url: HTTPURL, at addresses: [SocketAddress], redirections: Int) {
        let authorities: HTTPTrust.Authorities =
            switch settings.authorities {
            case .system: .system
            case .pem(let octets): .pem(octets)
            }
        let request = HTTPRequest(
            .get, url, at: addresses, authentication: .required(HTTPTrust(authorities: authorities)),
            fields: [HTTPField("Accept", ProvisioningDiscovery.mediaType)],
            responseLimit: ProvisioningDiscovery.maximumOctets)
        let current = fetch
        exchange = client.perform(request) { [weak self] outcome in
            guard let self, fetch == current else { return }
            exchange = nil
            answered(outcome, from: url, redirections: redirections)
        }
    }

    private func answered(_ outcome: Result<HTTPResponse, HTTPFailure>, from url: HTTPURL, redirections: Int) {
        switch outcome {
        case .failure(let failure):
            handle(.fetched(.failure(ProvisioningFailure(failure))))
        case .success(let response) where 300...399 ~= response.status:
            guard redirections < ProvisioningDiscovery.maximumRedirections, let location = response.location,
                let next = try? url.resolving(location)
            else { return handle(.fetched(.failure(.redirection(String((response.location ?? "").prefix(80)))))) }
            locate(next, redirections: redirections + 1)
        case .success(let response):
            handle(
                .fetched(
                    .success(
                        ProvisioningResponse(
                            status: response.status, mediaType: response.value(of: "content-type"),
                            body: response.body))))
        }
    }

    private func finishLater(_ outcome: Result<ProvisioningResponse, ProvisioningFailure>) {
        let current = fetch
        tools.loop.afterTurn { [weak self] in
            guard let self, fetch == current else { return }
            handle(.fetched(outcome))
        }
    }
}

extension ProvisioningFailure {
    /// What a failure of the exchange means: whether it may pass by itself.
    fileprivate init(_ failure: HTTPFailure) {
        switch failure {
        case .notAuthenticated(let reason): self = .notAuthenticated(reason)
        case .tooLarge: self = .documentTooLarge
        case .unreachable(let reason): self = .unreachable(reason)
        case .badRequest, .tlsFailed, .brokenOff, .timedOut, .cancelled:
            self = .unreachable("\(failure)")
        }
    }
}
