internal import DNSMessages
internal import EventLoops
internal import NameResolution

/// Where one HTTPS server is: as configured, or as found out by asking others (DH-08).
final class HTTPSServerAddresses {
    typealias Completion = (Result<[SocketAddress], QueryFailure>) -> Void

    private let host: String
    private let port: UInt16
    private let configured: [SocketAddress]
    private let bootstrap: Bootstrap
    private let loop: EventLoop
    private var found: (addresses: [SocketAddress], until: LoopTime)?
    private var waiting: [Completion] = []

    /// How long found addresses are used while they work. A lie among them ends in a failure, and then they are forgotten.
    private static let lifetime = Duration.seconds(300)

    /// - Parameters:
    ///   - host: A name, or an address without brackets.
    ///   - address: Where it is, when that is known.
    init(host: String, port: UInt16, address: SocketAddress?, bootstrap: Bootstrap, on loop: EventLoop) {
        self.host = host
        self.port = port
        self.bootstrap = bootstrap
        self.loop = loop
        let literal = (try? SocketAddress(host: host, port: port)).map { [$0] } ?? []
        configured = address.map { [$0] } ?? literal
    }

    /// The addresses that are known without asking; nil when somebody has to be asked.
    var known: [SocketAddress]? {
        if !configured.isEmpty { return configured }
        guard let found, found.until > loop.now else { return nil }
        return found.addresses
    }

    /// Finds the addresses out; several who ask at once share one lookup.
    func find(_ completion: @escaping Completion) {
        waiting.append(completion)
        guard waiting.count == 1 else { return }
        do throws(DNSNameError) {
            bootstrap.addresses(of: try DNSName(host), port: port) { [weak self] outcome in self?.found(outcome) }
        } catch {
            let failure = QueryFailure.unreachable("\(host): \(error)")
            loop.afterTurn { [weak self] in self?.tell(.failure(failure)) }
        }
    }

    /// They did not work: the next who needs them asks anew.
    func forget() {
        found = nil
    }

    /// Tells nobody any more.
    func shutDown() {
        waiting = []
    }

    private func found(_ outcome: Result<[SocketAddress], LookupFailure>) {
        switch outcome {
        case .success(let addresses) where !addresses.isEmpty:
            found = (addresses, loop.now + Self.lifetime)
            tell(.success(addresses))
        case .success: tell(.failure(.unreachable("\(host) has no address")))
        case .failure(let failure): tell(.failure(.unreachable("the address of \(host) is unknown: \(failure)")))
        }
    }

    private func tell(_ outcome: Result<[SocketAddress], QueryFailure>) {
        let told = waiting
        waiting = []
        for completion in told { completion(outcome) }
    }
}
