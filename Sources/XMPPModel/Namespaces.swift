/// The namespaces of the protocol; each appears once, here.
public enum Namespace {
    /// The stream element, its features and its errors (RFC 6120 §4.8.1).
    public static let stream = "http://etherx.jabber.org/streams"
    /// The content of streams between servers (RFC 6120 §4.8.3).
    public static let server = "jabber:server"
    /// The content of streams from clients; we open them only to look at a server (RFC 7712 §3).
    public static let client = "jabber:client"
    /// The content of component streams (XEP-0114).
    public static let component = "jabber:component:accept"
    /// Server dialback (XEP-0220).
    public static let dialback = "jabber:server:dialback"
    /// The stream feature of dialback (XEP-0220 §2.4.2).
    public static let dialbackFeature = "urn:xmpp:features:dialback"
    /// The stream feature of streams in both directions (XEP-0288 §2.1).
    public static let bidirectionalFeature = "urn:xmpp:features:bidi"
    /// The request for a stream in both directions (XEP-0288 §2.1).
    public static let bidirectional = "urn:xmpp:bidi"
    /// STARTTLS (RFC 6120 §5).
    public static let startTLS = "urn:ietf:params:xml:ns:xmpp-tls"
    /// SASL (RFC 6120 §6).
    public static let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    /// Conditions of stream errors (RFC 6120 §4.9).
    public static let streamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
    /// Conditions of stanza errors (RFC 6120 §8.3).
    public static let stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"
    /// Stream limits (XEP-0478).
    public static let streamLimits = "urn:xmpp:stream-limits:0"
    /// Application-specific error conditions (XEP-0205).
    public static let errors = "urn:xmpp:errors"
    /// Ping (XEP-0199).
    public static let ping = "urn:xmpp:ping"
    /// Stream management (XEP-0198).
    public static let streamManagement = "urn:xmpp:sm:3"
    /// `xml:` attributes.
    public static let xml = "http://www.w3.org/XML/1998/namespace"
}
