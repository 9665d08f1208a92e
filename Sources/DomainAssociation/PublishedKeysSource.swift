public import XMPPModel

/// Retrieves what domains publish by POSH, on one loop; it keeps results for as long as they hold, and makes one request
/// for those who ask at the same time (PO-18, PO-22).
///
/// Every completion is called on that loop, exactly once, in bounded time, and never before the call that asked has
/// returned.
public protocol PublishedKeysSource: AnyObject {
    /// What a domain publishes for a service.
    func publishedKeys(
        of domain: DomainName, for service: ClaimedService, completion: @escaping (PublishedKeys) -> Void)
}
