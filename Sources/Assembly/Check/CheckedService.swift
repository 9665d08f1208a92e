internal import DNSMessages
internal import DomainAssociation
internal import NameResolution

/// A service of a domain that `check` knows how to find.
public enum CheckedService: String, Sendable, CaseIterable {
    /// Between servers (RFC 6120 §3.2.1).
    case server = "xmpp-server"
    /// For clients.
    case client = "xmpp-client"

    /// What a server claims there to be.
    var claimed: ClaimedService {
        switch self {
        case .server: .server
        case .client: .client
        }
    }

    /// The port where no record gives one (RFC 6120 §14.7).
    var defaultPort: UInt16 {
        switch self {
        case .server: ServiceEndpoint.defaultPort
        case .client: 5222
        }
    }

    /// The service label of RFC 2782, direct TLS by XEP-0368.
    func label(_ method: ServiceEndpoint.Method) -> String {
        switch (self, method) {
        case (.server, .startTLS): "_xmpp-server"
        case (.server, .directTLS): "_xmpps-server"
        case (.client, .startTLS): "_xmpp-client"
        case (.client, .directTLS): "_xmpps-client"
        }
    }

    /// The question for a domain's service records.
    func question(of domain: DNSName, for method: ServiceEndpoint.Method) throws(DNSNameError) -> DNSQuestion {
        DNSQuestion(try domain.prefixed(by: "_tcp").prefixed(by: label(method)), .srv)
    }
}
