public import DNSMessages
public import XMPPModel

/// What the answers for both service names of a domain come to (RFC 6120 §3.2, XEP-0368).
public enum ServiceTargets {
    /// Endpoints taken from one domain at most; more would only serve to keep us busy (DO-06).
    public static let maximumEndpoints = 32

    /// The question for a domain's service records.
    ///
    /// - Throws: ``DNSNameError`` when the name with its service labels is longer than DNS carries.
    public static func question(
        of domain: DomainName, for method: ServiceEndpoint.Method
    ) throws(DNSNameError) -> DNSQuestion {
        let service = method == .directTLS ? "_xmpps-server" : "_xmpp-server"
        return DNSQuestion(try DNSName(domain).prefixed(by: "_tcp").prefixed(by: service), .srv)
    }

    /// Merges both answers into one list of endpoints, each with its method (DN-02).
    ///
    /// - Parameters:
    ///   - domain: The domain that offers the service.
    ///   - directTLS: The answer for `_xmpps-server`.
    ///   - startTLS: The answer for `_xmpp-server`.
    ///   - generator: The source of chance for weights.
    public static func resolution(
        of domain: DomainName, directTLS: Answer, startTLS: Answer,
        using generator: inout some RandomNumberGenerator
    ) -> ServiceResolution {
        // Who suppresses one answer must not thereby choose the way that we take (DN-08, RFC 7673 §3.1).
        if let failure = directTLS.failure ?? startTLS.failure { return .failed(reason: failure) }

        let offers = [Offer(directTLS, .directTLS), Offer(startTLS, .startTLS)]
        let candidates = offers.flatMap(\.candidates)
        guard candidates.isEmpty else {
            let ordered = ServiceSelection.order(
                candidates, priority: \.priority, weight: \.weight, using: &generator)
            return .endpoints(ordered.prefix(maximumEndpoints).map(\.endpoint))
        }
        // A `.` for direct TLS alone says nothing about STARTTLS, but there was an answer: no fallback (DN-05).
        if let refusing = offers.first(where: \.isRefused) {
            return .notOffered(reason: "the only record of \(refusing.name) has the target \".\"")
        }
        do {
            let fallback = ServiceEndpoint(
                host: .name(try DNSName(domain)), port: ServiceEndpoint.defaultPort, method: .startTLS,
                security: directTLS.security.combined(with: startTLS.security), isFromServiceRecord: false,
                reason: weaker(directTLS, startTLS).report?.reason,
                lifetime: min(directTLS.lifetime, startTLS.lifetime))
            return .endpoints([fallback])
        } catch {
            return .failed(reason: .notAName(error))
        }
    }

    private static func weaker(_ one: Answer, _ other: Answer) -> Answer {
        one.security.combined(with: other.security) == one.security ? one : other
    }

    private struct Candidate {
        let priority: UInt16
        let weight: UInt16
        let endpoint: ServiceEndpoint
    }

    /// What one service name offers.
    private struct Offer {
        let name: DNSName
        let candidates: [Candidate]
        /// Whether there are records and none of them can be used.
        let isRefused: Bool

        init(_ answer: Answer, _ method: ServiceEndpoint.Method) {
            name = answer.question.name
            candidates = answer.records.compactMap { record in
                guard case .srv(let priority, let weight, let port, let target) = record.data, !target.isRoot, port > 0
                else { return nil }
                // A target has to be a name (RFC 2782), but an address in its place is unmistakable.
                let host = IPAddress(target.description).map(ServiceHost.address) ?? .name(target)
                return Candidate(
                    priority: priority, weight: weight,
                    endpoint: ServiceEndpoint(
                        host: host, port: port, method: method, security: answer.security, isFromServiceRecord: true,
                        reason: answer.report?.reason, lifetime: answer.lifetime))
            }
            isRefused = candidates.isEmpty && !answer.records.isEmpty
        }
    }
}
