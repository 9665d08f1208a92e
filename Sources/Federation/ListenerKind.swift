/// What a listener is for.
enum ListenerKind: String, Sendable, CaseIterable {
    /// Streams between servers that begin in clear.
    case s2s
    /// Streams between servers that begin with TLS.
    case s2sDirectTLS = "s2s-direct-tls"
    /// XEP-0114.
    case component
}
