internal import DNSMessages
internal import DNSTransport
internal import EventLoops
internal import NameResolution
internal import Prooftypes

/// Finds out where a web server may be dialled: its addresses by the resolver's word, those left out that documents may
/// not come from (PO-22).
///
/// It belongs to one loop, and calls back once unless cancelled.
final class WebServerAddresses {
    typealias Completion = (Result<[SocketAddress], POSHFetchFailure>) -> Void

    private let host: String
    private let port: UInt16
    private let addressGuard: POSHAddressGuard
    private let loop: EventLoop
    private var completion: Completion?
    private var resolutions: [AddressResolution] = []
    private var patience: LoopTimer?

    /// How long the addresses of one family wait for the other: both are asked at once, so that an answer which is not
    /// there by now may not come at all.
    private static let mostPatience = Duration.milliseconds(300)

    init(
        of host: String, port: UInt16, under addressGuard: POSHAddressGuard, on loop: EventLoop,
        completion: @escaping Completion
    ) {
        self.host = host
        self.port = port
        self.addressGuard = addressGuard
        self.loop = loop
        self.completion = completion
    }

    /// Asks; never calls back within this call.
    func find(by resolver: any NameResolver) {
        let service: ServiceHost
        do throws(DNSNameError) { service = try ServiceHost(host) } catch {
            let failure = POSHFetchFailure.unreachable("\(host) cannot be looked up: \(error)")
            return loop.afterTurn { self.finish(.failure(failure)) }
        }
        resolver.addresses(of: service) { [weak self] resolution in self?.take(resolution) }
    }

    func cancel() {
        completion = nil
        patience?.cancel()
    }

    private func take(_ resolution: AddressResolution) {
        guard completion != nil else { return }
        resolutions.append(resolution)
        if resolutions.count == 2 { return conclude() }
        guard !permitted.isEmpty else { return }
        patience = loop.scheduleSoon(after: Self.mostPatience) { [weak self] in self?.conclude() }
    }

    private func conclude() {
        let addresses = permitted
        guard addresses.isEmpty else { return finish(.success(addresses)) }
        let all = resolutions.flatMap(\.addresses)
        if !all.isEmpty {
            let names = all.prefix(3).map(\.description).joined(separator: ", ")
            finish(
                .failure(
                    .forbiddenAddress(
                        "\(host) is at \(names), which is not public "
                            + "([posh] private_addresses = true, or a [[dns.zone]] above the name, would allow it)")))
        } else if let failure = resolutions.compactMap(\.failure).first {
            finish(.failure(.unreachable("the addresses of \(host) could not be found out: \(failure)")))
        } else {
            finish(.failure(.unreachable("\(host) has no address")))
        }
    }

    /// Those that may be dialled, the families taking turns, so that neither crowds the other out.
    private var permitted: [SocketAddress] {
        func addresses(_ family: IPAddress.Family) -> [SocketAddress] {
            resolutions.filter { $0.family == family && $0.failure == nil }.flatMap(\.addresses)
                .filter { addressGuard.permits($0.octets, of: host) }
                .compactMap { SocketAddress(octets: $0.octets, port: port) }
        }
        let (first, second) = (addresses(.v6), addresses(.v4))
        return (0..<max(first.count, second.count)).flatMap { index in
            [first, second].compactMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }

    private func finish(_ outcome: Result<[SocketAddress], POSHFetchFailure>) {
        let told = completion
        cancel()
        told?(outcome)
    }
}
