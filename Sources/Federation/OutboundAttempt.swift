internal import Configuration
internal import DNSMessages
internal import DNSTransport
internal import Diagnostics
internal import DomainAssociation
internal import EventLoops
internal import NameResolution
internal import Routing
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// One attempt to make a stream for a pair, or for questions about keys of its target: resolves, dials, negotiates, and goes on
/// to the next endpoint until one carries the stream or all have failed (DN-12).
final class OutboundAttempt {
    private struct Target {
        var host: ServiceHost
        var port: UInt16
        var directTLS: Bool
        /// What DNS says of the way there; nil for a route of the configuration.
        var endpoint: ServiceEndpoint?
        /// Whether somebody who was spoken to over TLS led there.
        var isRedirection = false
        /// How DNS led to the server that led there.
        var former: Delegation?
        /// Whether the server there would not have our certificate.
        var refusesCertificate = false
        /// Whether the server there, which may be spoken to in clear, would not start TLS.
        var refusesTLS = false
    }

    /// How an attempt ended.
    enum Outcome {
        /// The stream is established, or takes questions.
        case opened(StreamConnection)
        /// A stream that was there carries the pair.
        case joined
        /// A stream that was there leads to the server that is to be asked, to which DNS leads so from the domain.
        case found(StreamPlace, Delegation?)
        case failed(AttemptFailure)
    }

    let pair: DomainPair
    let purpose: InitiatingStream.Purpose
    unowned let switchboard: Switchboard
    private let completion: (Outcome) -> Void
    private var plan: ConnectionPlan?
    private var targets: [Target] = []
    private var dial: EndpointDial?
    private var stream: StreamConnection?
    private var limit: LoopTimer?
    private var redirects = 0
    private var isOver = false
    /// Whether a stream to the same server may serve.
    var mayJoin: Bool
    /// What was asked in place of dialling.
    var joining: Joining? {
        didSet { switchboard.shares.note(pair, asks: joining?.id, after: oldValue?.id) }
    }
    /// Whether another's dial to the same server may be waited for: once, so that no chain of failures is waited through.
    var mayWait = true
    /// Runs while it is waited for.
    var waiting: LoopTimer?
    var resume: (() -> Void)?
    /// The addresses that others may wait for.
    var claims: Set<SocketAddress> = []

    /// XS-23: at least two, at most five.
    private static let redirectsAllowed = 5

    /// - Parameters:
    ///   - purpose: What the stream is for.
    ///   - mayJoin: Whether a stream to the same server may serve in place of a new one.
    ///   - completion: Called once on the loop, with a stream that is established or takes questions. Not called after
    ///     `cancel()`.
    init(
        _ pair: DomainPair, for purpose: InitiatingStream.Purpose = .stanzas, mayJoin: Bool = false,
        on switchboard: Switchboard, completion: @escaping (Outcome) -> Void
    ) {
        self.pair = pair
        self.mayJoin = mayJoin
        self.purpose = purpose
        self.switchboard = switchboard
        self.completion = completion
    }

    func start() {
        let timeouts = switchboard.deployment.configuration.timeouts
        let time = purpose == .stanzas ? timeouts.delivery : timeouts.dialback
        limit = switchboard.loop.schedule(after: time) { [weak self] in self?.timeIsOver() }
        seek()
    }

    private func seek() {
        plan = nil
        // Beside the lookups and dialling, so that its slowness is not added to theirs (PO-20).
        if switchboard.deployment.usesPOSH(for: pair.target) {
            switchboard.evidence.expectPublishedKeys(of: pair.target)
        }
        if let routes = switchboard.deployment.remotes.policy(for: pair.target)?.routes, !routes.isEmpty {
            return begin(routes.compactMap(Self.target))
        }
        switchboard.metrics.add(1, to: .lookups)
        switchboard.shared.observe?(.resolving(pair))
        switchboard.resolver.services(of: pair.target) { [weak self] resolution in self?.resolved(resolution) }
    }

    func cancel() {
        isOver = true
        limit?.cancel()
        _ = stopTrying()
    }

    /// Gives up whatever is under way, and says which stream was being negotiated.
    private func stopTrying() -> StreamConnection? {
        dial?.cancel()
        dial = nil
        joining = nil
        stopWaiting()
        releaseClaims()
        let negotiating = stream
        negotiating?.onOutcome = nil
        stream = nil
        return negotiating
    }

    // MARK: - Where to

    private static func target(_ route: RemotePolicy.Route) -> Target? {
        guard let address = IPAddress(octets: route.address.octets) else { return nil }
        return Target(host: .address(address), port: route.address.port, directTLS: route.directTLS)
    }

    private static func target(_ endpoint: ServiceEndpoint) -> Target {
        Target(
            host: endpoint.host, port: endpoint.port, directTLS: endpoint.method == .directTLS, endpoint: endpoint)
    }

    private func resolved(_ resolution: ServiceResolution) {
        guard !isOver else { return }
        switchboard.shared.observe?(.resolved(pair, resolution))
        switch resolution {
        case .endpoints(let endpoints):
            begin(endpoints.map(Self.target))
        case .notOffered(let reason): fail(AttemptFailure(.notFound, "\(pair.target): \(reason)"))
        case .nameDoesNotExist:
            fail(AttemptFailure(.notFound, "the domain \(pair.target) does not exist in DNS"))
        case .failed(let reason):
            switchboard.metrics.add(1, to: .lookupsFailed)
            if case .bogus = reason { switchboard.metrics.add(1, to: .lookupsBogus) }
            fail(AttemptFailure(.lookupFailed, "the SRV lookup for \(pair.target) failed: \(reason)"))
        }
    }

    private func begin(_ targets: [Target]) {
        self.targets = targets
        let endpoints = targets.enumerated().map { index, target in
            ConnectionPlan.Endpoint(
                host: target.host.description, port: target.port, directTLS: target.directTLS, index: index)
        }
        plan = ConnectionPlan(to: pair.target, endpoints: endpoints)
        advance(.started)
    }

    private func advance(_ event: ConnectionPlan.Event) {
        guard !isOver else { return }
        for action in plan?.handle(event) ?? [] {
            switch action {
            case .attempt(let endpoint): connect(targets[endpoint.index])
            case .exhausted(let failure): fail(failure)
            }
        }
    }

    // MARK: - One endpoint

    private func connect(_ target: Target) {
        let timeout = switchboard.deployment.configuration.timeouts.connect
        var delegation = target.endpoint.map { Delegation(to: $0, at: switchboard.wallClock()) } ?? target.former
        let dial = EndpointDial(port: target.port, on: switchboard.loop, connectTimeout: timeout) {
            [weak self] result in
            guard let self else { return }
            self.dial = nil
            switch result {
            case .success(let connection):
                releaseClaims(except: connection.peerAddress)
                negotiate(connection, target, delegation)
            case .failure(let failure):
                releaseClaims()
                advance(
                    .endpointFailed(failure.isLookupFailure ? .lookupFailed : .unreachable, reason: failure.reason))
            }
        }
        var isTold = false
        dial.willDial = { [weak self] address in
            if !isTold { self?.tell(target) }
            isTold = true
            if !target.isRedirection { self?.claim(address, port: target.port) }
        }
        if !target.isRedirection {
            dial.isServed = { [weak self] addresses in
                self?.join(addresses, port: target.port, delegation) { [weak self] in self?.connect(target) } ?? false
            }
        }
        self.dial = dial
        let condition = switchboard.deployment.danePolicy(for: pair.target)
        guard let endpoint = target.endpoint, endpoint.security == .secure, condition.isAsked else {
            return dial.start(target.host, resolver: switchboard.resolver)
        }
        let now = switchboard.wallClock()
        dial.start(endpoint, resolver: switchboard.resolver) { addresses, tlsa in
            delegation?.hasSecureAddresses = addresses.contains { $0.failure == nil && $0.security == .secure }
            delegation?.tlsa = tlsa.map { TLSAAnswer($0, port: endpoint.port, at: now) }
            // What is withheld may be the record that would refuse an impostor (DA-05, DA-07).
            guard condition.isBinding, let failure = tlsa?.failure else { return nil }
            return "the TLSA records of \(endpoint.host):\(endpoint.port) could not be found out: \(failure)"
        }
    }

    private func tell(_ target: Target) {
        switchboard.shared.observe?(
            .dialling(pair, host: target.host.description, port: target.port, directTLS: target.directTLS))
    }

    private func negotiate(_ connection: TCPConnection, _ target: Target, _ delegation: Delegation?) {
        do throws(TLSContextFailure) {
            let deployment = switchboard.deployment
            let session =
                target.directTLS
                ? try deployment.clientSession(
                    for: pair, directTLS: true, withholdsCertificate: target.refusesCertificate)
                : nil
            let demandsTLS =
                target.isRedirection || deployment.parts.policy(pair.target).demandsTLS(of: delegation)
            let stream = switchboard.initiate(
                connection, pair, for: purpose, directTLS: session, isTLSMandatory: demandsTLS,
                asksForTLS: !target.refusesTLS)
            stream.delegation = delegation
            stream.withholdsCertificate = target.refusesCertificate
            self.stream = stream
            stream.onOutcome = { [weak self, unowned stream] in self?.negotiated($0, stream, target) }
            stream.start()
        } catch {
            connection.close()
            releaseClaims()
            advance(.endpointFailed(.unreachable, reason: "\(error)"))
        }
    }

    private func negotiated(_ outcome: StreamOutcome, _ stream: StreamConnection, _ target: Target) {
        self.stream = nil
        if case .established = outcome {
            // By then the stream can be found.
            switchboard.loop.afterTurn { self.releaseClaims() }
        } else {
            releaseClaims()
        }
        guard !isOver else { return }
        switch outcome {
        case .established: end(.opened(stream))
        // Under the policy of now another way may have to be taken, from the first question on.
        case .outdated: seek()
        case .failed(.redirected(let place)): follow(place, target, stream)
        // Who has no TLS where it is demanded was not reached; who has it was, and is not its own (DB-19, DB-21).
        case .failed(.unauthenticated(let reason)) where purpose == .questions && stream.wire.session == nil:
            advance(.endpointFailed(.unreachable, reason: reason))
        case .failed(.unauthenticated(let reason)): advance(.endpointFailed(.unauthenticated, reason: reason))
        case .failed(.certificateRefused(let reason)): withholdCertificate(from: target, reason)
        case .failed(.encryptionRefused(let reason)): goOnInClear(with: target, reason)
        case .failed(.pairFailed(.invalidKey, let reason)): advance(.endpointFailed(.keyRefused, reason: reason))
        case .failed(.pairFailed(_, let reason)): advance(.endpointFailed(.pairRefused, reason: reason))
        case .failed(.broken(let reason)): advance(.endpointFailed(.unreachable, reason: reason))
        case .failed(.refused(let error)):
            advance(.endpointFailed(.notServed, reason: "the server there does not serve \(pair.target): \(error)"))
        }
    }

    /// Goes to the same server without the certificate that it would not have, to be proved by dialback (SE-11).
    private func withholdCertificate(from target: Target, _ reason: String) {
        guard !target.refusesCertificate else { return advance(.endpointFailed(.unauthenticated, reason: reason)) }
        var again = target
        again.refusesCertificate = true
        connect(again)
    }

    /// Goes to the same server in clear, where the policy takes it and the stream finds no reason to mind (PT-05).
    private func goOnInClear(with target: Target, _ reason: String) {
        guard !target.refusesTLS, !target.isRedirection else {
            return advance(.endpointFailed(.unauthenticated, reason: reason))
        }
        var again = target
        again.refusesTLS = true
        connect(again)
    }

    /// Goes where the peer says, with the same domain to be proved and the same TLS policy (XS-23).
    ///
    /// Who is there is judged by what the records say of the way to the server that sent us: no record leads further, and
    /// without any an authority would overrule the keys that the domain publishes (RFC 6120 §4.9.3.19: the same policies and
    /// reference identifiers; DA-08).
    private func follow(_ place: String, _ target: Target, _ stream: StreamConnection) {
        redirects += 1
        guard redirects <= Self.redirectsAllowed, var next = Self.redirected(place) else {
            return advance(
                .endpointFailed(.unreachable, reason: "redirected to “\(place)”, which is not followed"))
        }
        next.former = stream.delegation
        next.former?.hasSecureAddresses = false
        if stream.side.facts.proven?.level != .authenticated {
            next.former?.isSecure = false
            next.former?.detail = "a server that no prooftype proved led there"
        }
        connect(next)
    }

    private static func redirected(_ place: String) -> Target? {
        var host = Substring(place)
        var port = UInt16(ServiceEndpoint.defaultPort)
        let isBracketed = host.hasPrefix("[")
        if let colon = host.lastIndex(of: ":"), !isBracketed || host[..<colon].hasSuffix("]") {
            guard let number = UInt16(host[host.index(after: colon)...]) else { return nil }
            port = number
            host = host[..<colon]
        }
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let parsed = try? ServiceHost(host) else { return nil }
        // The peer named the place, and no record did.
        return Target(host: parsed, port: port, directTLS: false, isRedirection: true)
    }

    // MARK: - The end

    private func timeIsOver() {
        stopTrying()?.close(nil)
        guard plan != nil else {
            return fail(AttemptFailure(.lookupFailed, "the SRV lookup for \(pair.target) did not end in time"))
        }
        advance(.abandoned(.unreachable, reason: "the attempt took too long"))
    }

    func fail(_ failure: AttemptFailure) { end(.failed(failure)) }

    func end(_ outcome: Outcome) {
        guard !isOver else { return }
        isOver = true
        limit?.cancel()
        completion(outcome)
    }
}
