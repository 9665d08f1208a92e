public import DNSMessages
public import NameResolution
public import XMPPModel

/// What every resolver does alike, on top of single questions.
extension NameResolver {
    /// Asks for both service names at once and merges the answers; an address literal has no service records.
    public func services(of domain: DomainName, completion: @escaping (ServiceResolution) -> Void) {
        ServiceQuestioning(of: domain, by: self, completion: completion).start()
    }

    /// Asks for AAAA, then at once for A; a literal needs no question.
    public func addresses(of host: ServiceHost, completion: @escaping (AddressResolution) -> Void) {
        for family in [IPAddress.Family.v6, .v4] {
            switch host {
            case .name(let name):
                resolve(DNSQuestion(name, family == .v6 ? .aaaa : .a)) { answer in
                    completion(AddressResolution(family, from: answer))
                }
            case .address(let literal):
                later { completion(AddressResolution(family, literal: literal)) }
            }
        }
    }

    /// The TLSA records that count for one endpoint (RFC 7671 §7), after its addresses, on which they rest.
    public func tlsaRecords(of host: DNSName, port: UInt16, completion: @escaping (TLSAResolution) -> Void) {
        EndpointQuestioning(of: host, port: port, by: self, addressesFound: { _ in }, completion: completion).start()
    }

    /// All that DNS says of one endpoint, asked together: AAAA, A and TLSA.
    ///
    /// - Parameters:
    ///   - addresses: Called once for each family, in the order of arrival, so that connecting can begin.
    ///   - tlsa: Called once, after both families; nil for an address literal, and where the endpoint itself is not
    ///     secure, since its TLSA records would then prove nothing (RFC 7673 §3.1).
    public func facts(
        of endpoint: ServiceEndpoint, addresses: @escaping (AddressResolution) -> Void,
        tlsa: @escaping (TLSAResolution?) -> Void
    ) {
        guard case .name(let name) = endpoint.host, endpoint.security == .secure else {
            var families = 0
            return self.addresses(of: endpoint.host) { resolution in
                addresses(resolution)
                families += 1
                if families == 2 { tlsa(nil) }
            }
        }
        EndpointQuestioning(
            of: name, port: endpoint.port, by: self, addressesFound: addresses, completion: { tlsa($0) }
        ).start()
    }
}
