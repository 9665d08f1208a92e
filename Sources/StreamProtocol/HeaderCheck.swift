internal import XMPPModel

/// What an opening tag says, checked (RFC 6120 §4.7, §4.8).
struct HeaderCheck {
    /// The domain of ours that the peer addresses, when there is one.
    var local: DomainName?
    /// The domain that the peer claims, when it names one.
    var remote: DomainName?
    /// Why the stream cannot go on.
    var error: StreamError?

    /// Checks the header that opens a stream to us. Whether the peer may do without features is not looked at.
    static func receiving(_ header: StreamHeader, _ policy: StreamPolicy) -> HeaderCheck {
        var check = HeaderCheck()
        if let to = header.to, let domain = try? DomainName(to), policy.host(domain) == .hosted { check.local = domain }
        check.error = namespaceFault(header)
        guard check.error == nil else { return check }
        if let from = header.from, !from.isEmpty {
            do throws(AddressError) {
                check.remote = try DomainName(from)
            } catch {
                check.error = StreamError(.improperAddressing, "from: \(error)")
                return check
            }
        }
        if check.local == nil {
            let isFormer = header.to.flatMap { try? DomainName($0) }.map { policy.host($0) == .former } ?? false
            check.error = isFormer ? StreamError(.hostGone) : StreamError(.hostUnknown)
        }
        return check
    }

    /// Checks the header that answers ours.
    ///
    /// - Parameters:
    ///   - isProtected: Whether TLS protects it; before, its addresses mean nothing (TL-05).
    ///   - contentNamespace: What the stream carries.
    static func initiating(
        _ header: StreamHeader, remote: DomainName, isProtected: Bool, contentNamespace: String = Namespace.server
    ) -> StreamError? {
        if let fault = namespaceFault(header, contentNamespace) { return fault }
        guard isProtected, let from = header.from, !from.isEmpty else { return nil }
        guard let domain = try? DomainName(from), domain == remote else {
            return StreamError(.invalidFrom, "the stream is to \(remote)")
        }
        return nil
    }

    /// Whether the peer knows features; no version counts as 0.9 (RFC 6120 §4.7.5).
    static func isCurrent(_ version: StreamVersion?) -> Bool { version.map { $0 >= .current } ?? false }

    private static func namespaceFault(
        _ header: StreamHeader, _ contentNamespace: String = Namespace.server
    ) -> StreamError? {
        guard header.streamNamespace == Namespace.stream else {
            return StreamError(.invalidNamespace, "the root element belongs in \(Namespace.stream)")
        }
        guard header.name == "stream" else { return StreamError(.badFormat) }
        // Prefix-free headers declare the content namespace on each stanza (RFC 6120 §4.8.2).
        let isPrefixFree = header.streamPrefix.isEmpty && header.contentNamespace == nil
        guard isPrefixFree || header.contentNamespace == contentNamespace else {
            return StreamError(.invalidNamespace, "the default namespace is \(contentNamespace)")
        }
        return nil
    }
}
