public import DNSMessages
public import NameResolution
public import XMPPModel

/// Looks names up on one loop: the plain resolver, and whatever takes its place.
///
/// Every completion is called on that loop, exactly once (once for each family in `addresses`), and never before
/// the call that asked has returned.
public protocol NameResolver: AnyObject {
    /// The answer to one question, TLSA records for instance.
    func resolve(_ question: DNSQuestion, completion: @escaping (Answer) -> Void)

    /// Where a domain takes XMPP server connections, in the order in which to try (RFC 6120 §3.2, XEP-0368).
    func services(of domain: DomainName, completion: @escaping (ServiceResolution) -> Void)

    /// The addresses of a host, AAAA and A asked in parallel: called once for each family, in the order of arrival
    /// (RFC 8305 §3).
    func addresses(of host: ServiceHost, completion: @escaping (AddressResolution) -> Void)

    /// Runs something on the loop once the present call has returned, for answers that need no question.
    func later(_ body: @escaping () -> Void)
}
