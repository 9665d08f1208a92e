internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import NameResolution

/// Connects to one host over whichever of its addresses answers first: performs what ``HappyEyeballs`` decides.
final class EndpointDial {
    /// Why there is no connection.
    struct Failure: Error {
        var reason: String
        /// Whether nobody knows the addresses, as opposed to their not answering.
        var isLookupFailure: Bool
    }

    private let loop: EventLoop
    private let port: UInt16
    private let connectTimeout: Duration
    private let completion: (Result<TCPConnection, Failure>) -> Void
    /// Asked with addresses before one of them is dialled: true when there is another way, and nothing is to be dialled.
    var isServed: ([IPAddress]) -> Bool = { _ in false }
    /// Told of each address that is dialled.
    var willDial: (IPAddress) -> Void = { _ in }
    private var decider = HappyEyeballs()
    private var dials: [IPAddress: PendingDial] = [:]
    private var timers: [HappyEyeballs.Timer: LoopTimer] = [:]
    private var connections: [IPAddress: TCPConnection] = [:]
    private var reasons: [String] = []
    private var lookupFailures: [String] = []
    private var isOver = false

    /// - Parameter completion: Called once on the loop, unless cancelled.
    init(
        port: UInt16, on loop: EventLoop, connectTimeout: Duration,
        completion: @escaping (Result<TCPConnection, Failure>) -> Void
    ) {
        self.port = port
        self.loop = loop
        self.connectTimeout = connectTimeout
        self.completion = completion
    }

    /// Begins once all that DNS says of a secure endpoint is known, since what it says may forbid to contact it
    /// (RFC 7673 §3.2, §3.4). Waiting costs little: the questions are asked together.
    ///
    /// - Parameter judge: Says why the endpoint is not to be contacted; nil when it may be.
    func start(
        _ endpoint: ServiceEndpoint, resolver: any NameResolver,
        judge: @escaping ([AddressResolution], TLSAResolution?) -> String?
    ) {
        var found: [AddressResolution] = []
        resolver.facts(of: endpoint, addresses: { found.append($0) }) { [weak self] tlsa in
            guard let self, !isOver else { return }
            if let reason = judge(found, tlsa) {
                cancel()
                return completion(.failure(Failure(reason: reason, isLookupFailure: true)))
            }
            for resolution in found { take(resolution) }
        }
    }

    func start(_ host: ServiceHost, resolver: any NameResolver) {
        if case .address(let address) = host {
            let other: IPAddress.Family = address.family == .v4 ? .v6 : .v4
            guard !isServed([address]) else { return cancel() }
            handle(.resolved(other, []))
            handle(.resolved(address.family, [address]))
            return
        }
        resolver.addresses(of: host) { [weak self] resolution in self?.take(resolution) }
    }

    private func take(_ resolution: AddressResolution) {
        guard !isOver else { return }
        guard !isServed(resolution.addresses) else { return cancel() }
        if let failure = resolution.failure { lookupFailures.append("\(failure)") }
        handle(.resolved(resolution.family, resolution.addresses))
    }

    func cancel() {
        isOver = true
        for dial in dials.values { dial.cancel() }
        for timer in timers.values { timer.cancel() }
        for connection in connections.values { connection.close() }
        dials = [:]
        timers = [:]
        connections = [:]
    }

    private func handle(_ event: HappyEyeballs.Event) {
        guard !isOver else { return }
        for action in decider.handle(event, at: .nanoseconds(Int64(clamping: loop.now.nanoseconds))) { perform(action) }
    }

    private func perform(_ action: HappyEyeballs.Action) {
        guard !isOver else { return }
        switch action {
        case .attempt(let address): dial(address)
        case .setTimer(let timer, let delay):
            timers[timer]?.cancel()
            timers[timer] = loop.scheduleSoon(after: delay) { [weak self] in self?.handle(.timerFired(timer)) }
        case .cancelAttempts(let addresses):
            for address in addresses {
                dials.removeValue(forKey: address)?.cancel()
                connections.removeValue(forKey: address)?.close()
            }
        case .finished(.connected(let address)):
            let connection = connections.removeValue(forKey: address)
            cancel()
            guard let connection else { return }
            completion(.success(connection))
        case .finished(.exhausted):
            cancel()
            completion(.failure(failure))
        }
    }

    private var failure: Failure {
        if !reasons.isEmpty { return Failure(reason: reasons.joined(separator: ", "), isLookupFailure: false) }
        guard let reason = lookupFailures.first else {
            return Failure(reason: "the host has no address", isLookupFailure: false)
        }
        return Failure(reason: reason, isLookupFailure: true)
    }

    private func dial(_ address: IPAddress) {
        guard let peer = SocketAddress(octets: address.octets, port: port) else {
            return handle(.attemptFailed(address))
        }
        willDial(address)
        dials[address] = TCPConnection.dial(to: peer, on: loop, deadline: connectTimeout) { [weak self] result in
            guard let self else {
                if case .success(let connection) = result { connection.close() }
                return
            }
            dials[address] = nil
            switch result {
            case .success(let connection):
                guard !isOver else { return connection.close() }
                connections[address] = connection
                handle(.attemptSucceeded(address))
            case .failure(let failure):
                reasons.append("\(peer): \(failure)")
                handle(.attemptFailed(address))
            }
        }
    }
}
