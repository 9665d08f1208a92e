/// What was retrieved when a domain was asked for the keys that it publishes by POSH (RFC 7711 §3).
public struct PublishedKeys: Hashable, Sendable {
    /// How the retrieval ended.
    public enum Content: Hashable, Sendable {
        /// Keys that count.
        case material(PublishedKeyMaterial)
        /// The domain publishes nothing, or nobody was asked: other prooftypes go on (PO-21).
        case none(reason: String)
        /// Nobody said whether the domain publishes anything: other prooftypes go on as well (PO-21).
        case unanswered(reason: String)
        /// There is a document, and it breaks the rules of its form.
        case invalid(reason: String)
        /// The rules of retrieval forbid to go on: a chain of references, a redirect to plain HTTP, a private address,
        /// a certificate of the web server that does not hold (PO-02, PO-09, PO-19, PO-22).
        case refused(reason: String)
    }

    /// How the retrieval ended.
    public var content: Content
    /// Every URL that was asked, in order; the first is the domain's own, the last gave the answer.
    public var urls: [String]
    /// When all of it has to be retrieved anew, in seconds since 1970; nil where nothing may be kept (PO-18).
    public var expires: Int64?
    /// What the domain's operator ought to be told loudly, whether the document can be used or not: that a private key is
    /// published (PO-12).
    public var warning: String?

    /// Makes a result.
    public init(
        _ content: Content, urls: [String] = [], expires: Int64? = nil, warning: String? = nil
    ) {
        self.content = content
        self.urls = urls
        self.expires = expires
        self.warning = warning
    }

    /// The URL that gave the answer; nil when none was asked.
    public var finalURL: String? { urls.last }

    /// The keys that count, if any.
    public var material: PublishedKeyMaterial? {
        guard case .material(let material) = content else { return nil }
        return material
    }
}
