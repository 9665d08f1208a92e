public import EventLoops
public import HTTPExchange
public import Prooftypes

/// What holds for the retrieval of one domain's POSH documents, from the domain's own web server to the last one that a
/// redirection or reference leads to.
public struct RetrievalRules: Hashable, Sendable {
    /// Who may have issued the certificates of web servers (PO-02).
    public var authorities: HTTPTrust.Authorities
    /// Where the domain's own web server is, in place of what DNS says (`posh_server`). What it has to prove is unchanged,
    /// and other hosts are looked up as ever.
    public var server: SocketAddress?
    /// Which addresses documents may come from (PO-22); ``server`` is not asked about.
    public var addressGuard: POSHAddressGuard

    /// Makes rules; without arguments the strictest.
    public init(
        authorities: HTTPTrust.Authorities = .system, server: SocketAddress? = nil,
        addressGuard: POSHAddressGuard = POSHAddressGuard()
    ) {
        self.authorities = authorities
        self.server = server
        self.addressGuard = addressGuard
    }
}
