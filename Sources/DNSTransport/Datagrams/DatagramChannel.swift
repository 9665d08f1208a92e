internal import EventLoops
internal import NameResolution

/// Asks one server in clear, each question in a datagram of its own.
final class DatagramChannel {
    private let server: SocketAddress
    private let resources: ChannelResources
    private let cookies: CookieJar
    private var exchanges: [ObjectIdentifier: DatagramExchange] = [:]
    private var isShutDown = false

    init(to server: SocketAddress, _ resources: ChannelResources) {
        self.server = server
        self.resources = resources
        cookies = CookieJar(of: server)
    }
}

extension DatagramChannel: QueryChannel {
    func ask(_ inquiry: Inquiry, completion: @escaping (AttemptOutcome) -> Void) -> any QueryHandle {
        let exchange = DatagramExchange(inquiry, to: server, cookies, resources, completion: completion)
        guard !isShutDown else { return exchange }
        exchanges[ObjectIdentifier(exchange)] = exchange
        exchange.ended = { [weak self] in self?.exchanges[ObjectIdentifier($0)] = nil }
        exchange.start()
        return exchange
    }

    func shutDown() {
        isShutDown = true
        for exchange in Array(exchanges.values) { exchange.cancel() }
    }
}
