internal import DNSMessages
internal import NameResolution

/// The questions that tell all of one endpoint: both families and its TLSA records; it lives as long as one is open.
final class EndpointQuestioning {
    private let host: DNSName
    private let port: UInt16
    private let resolver: any NameResolver
    private let addressesFound: (AddressResolution) -> Void
    private var completion: ((TLSAResolution) -> Void)?
    private var addresses: [AddressResolution] = []
    private var search: TLSASearch?

    /// - Parameters:
    ///   - addressesFound: Called once for each family, in the order of arrival.
    ///   - completion: Called once, after both.
    init(
        of host: DNSName, port: UInt16, by resolver: any NameResolver,
        addressesFound: @escaping (AddressResolution) -> Void, completion: @escaping (TLSAResolution) -> Void
    ) {
        self.host = host
        self.port = port
        self.resolver = resolver
        self.addressesFound = addressesFound
        self.completion = completion
    }

    func start() {
        resolver.addresses(of: .name(host)) { resolution in
            self.addresses.append(resolution)
            self.addressesFound(resolution)
            guard self.addresses.count == 2 else { return }
            self.search = TLSASearch(host: self.host, port: self.port, addresses: self.addresses)
            self.advance()
        }
        // Which name counts is known only when the addresses are; mostly it is this one, and then its records are
        // there.
        resolver.expectTLSARecords(of: host, port: port)
    }

    private func advance() {
        guard let search else { return }
        if let resolution = search.resolution {
            completion?(resolution)
            completion = nil
        } else if let question = search.next {
            resolver.resolve(question) { answer in
                self.search?.note(answer)
                self.advance()
            }
        }
    }
}

extension NameResolver {
    /// Has TLSA records looked up that somebody is going to ask for, so that they are on their way meanwhile.
    func expectTLSARecords(of host: DNSName, port: UInt16) {
        guard let owner = try? TLSASearch.owner(host: host, port: port) else { return }
        resolve(DNSQuestion(owner, .tlsa)) { _ in }
    }
}
