internal import DNSMessages
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
}
