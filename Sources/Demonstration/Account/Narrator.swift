internal import DNSMessages
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import Routing
internal import StreamProtocol
internal import XMPPModel

/// Puts incidents into words.
enum Narrator {
    /// The words for an incident; nil for what would only repeat another one.
    static func entry(for incident: Incident) -> AccountEntry? {
        switch incident.event {
        case .lookup(let question, let response): lookup(question, response)
        case .federation(let fact): entry(for: fact)
        }
    }

    // MARK: - DNS

    private static func lookup(_ question: DNSQuestion, _ response: DNSResponse) -> AccountEntry {
        let answers = response.answers.filter { $0.type == question.type }.map { text(of: $0.data) }
        guard answers.isEmpty else { return AccountEntry(.dns, "\(question) → \(answers.joined(separator: ", "))") }
        let reason = response.code == .noError ? "no such record" : "no such name"
        return AccountEntry(.dns, "\(question) → \(response.code == .refused ? "refused" : reason)", .quiet)
    }

    private static func text(of data: RecordData) -> String {
        switch data {
        case .a(let address), .aaaa(let address): address.description
        case .srv(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .cname(let name), .ns(let name): name.description
        case .soa(let start): start.primaryServer.description
        case .tlsa(let record): "\(record.usage) \(record.selector) \(record.matching) …"
        case .other(let octets): "\(octets.count) octets"
        }
    }

    // MARK: - Streams

    private static func entry(for fact: FederationFact) -> AccountEntry? {
        switch fact {
        case .resolving, .resolved: nil
        case .dialling(_, let host, let port, let directTLS):
            AccountEntry(.dial, "\(host) port \(port), \(way(directTLS))")
        case .connected(let stream, .initiating, let peer, _):
            AccountEntry(.connect, "to \(peer?.description ?? "the peer") as stream \(stream)")
        case .connected(let stream, .receiving, let peer, let directTLS):
            AccountEntry(.accept, "from \(peer?.description ?? "a peer") as stream \(stream), \(way(directTLS))")
        case .secured(let stream, let version, let cipher, let certificate):
            AccountEntry(.tls, "\(version) \(cipher) on \(stream); \(presented(certificate))")
        case .tlsFailed(let stream, let reason): AccountEntry(.tls, "failed on \(stream): \(reason)", .bad)
        case .proofConcluded(let stream, let conclusion): proof(conclusion, stream)
        case .established(let stream, let association): established(association, stream)
        case .sent(let stream, let stanzas): AccountEntry(.send, list(stanzas) + " on \(stream)")
        case .received(let stream, let stanzas): AccountEntry(.receive, list(stanzas) + " on \(stream)", .good)
        case .reported(let stream, let report): entry(for: report, stream)
        case .ended(let stream): AccountEntry(.close, "stream \(stream) is over", .quiet)
        case .attemptFailed(let pair, let failure):
            AccountEntry(.giveUp, "no stream for \(pair): \(failure.explanation)", .bad)
        case .routed(.bounced(let count, _, let error)): bounce(count, "returned to the sender", error)
        case .routed(.dropped(let count, _, let error)): bounce(count, "dropped", error)
        }
    }

    private static func way(_ directTLS: Bool) -> String {
        directTLS ? "TLS from the first byte" : "in clear first, then STARTTLS"
    }

    private static func presented(_ certificate: PeerCertificate?) -> String {
        guard let certificate else { return "the peer shows no certificate" }
        let names = certificate.subjectAlternativeNames.compactMap { name -> String? in
            guard case .dnsName(let text) = name else { return nil }
            return text
        }
        return "the peer shows a certificate for \(names.joined(separator: ", ")) by \(certificate.issuer), "
            + "sha256 \(certificate.sha256Text.prefix(16))…"
    }

    private static func proof(_ conclusion: ProofConclusion, _ stream: StreamID) -> AccountEntry {
        let domain = conclusion.claim.claimedDomain
        switch conclusion {
        case .proven(let proven):
            let findings = proven.proof.findings.filter { $0.name == "matched" || $0.name == "anchor" }
                .map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            return AccountEntry(
                .proof, "the peer on \(stream) is \(domain), by \(proven.prooftype): \(findings)", .good)
        case .refused:
            return AccountEntry(.proof, "the peer on \(stream) is not \(domain). \(conclusion.explanation)", .bad)
        }
    }

    private static func established(_ association: Association, _ stream: StreamID) -> AccountEntry {
        let meaning = association.direction == .inbound ? "is accepted" : "may be sent"
        return AccountEntry(
            .associate,
            "\(association.pair) \(meaning) on \(stream): \(association.level.rawValue), \(association.prooftype), "
                + association.mechanism.rawValue, .good)
    }

    private static func entry(for report: StreamReport, _ stream: StreamID) -> AccountEntry? {
        switch report {
        // The conclusion itself has been told.
        case .proofRefused: nil
        case .invalidAddress(let text, let error): AccountEntry(.refuse, "“\(text)” is no address: \(error)", .bad)
        case .closing(let error): AccountEntry(.refuse, "\(stream) is closed with \(words(error))", .bad)
        case .peerError(let error): AccountEntry(.refuse, "the peer closes \(stream) with \(words(error))", .bad)
        case .authenticationRefused(let condition, let text):
            AccountEntry(.refuse, "the peer refuses our certificate: \(condition)\(text.map { ", \($0)" } ?? "")", .bad)
        case .authenticationFailed(let condition):
            AccountEntry(.refuse, "the peer on \(stream) did not authenticate: \(condition)", .bad)
        }
    }

    private static func words(_ error: StreamError) -> String {
        error.condition.rawValue + (error.text.map { ": \($0)" } ?? "")
    }

    // MARK: - Stanzas

    private static func list(_ stanzas: [Stanza]) -> String { stanzas.map(text).joined(separator: "; ") }

    private static func text(of stanza: Stanza) -> String {
        let type = stanza.isError ? " error" : ""
        let body = body(of: stanza).map { " “\($0)”" } ?? ""
        return "\(stanza.kind.elementName)\(type) \(stanza.from ?? "") → \(stanza.to ?? "")\(body)"
    }

    /// What stands between the first `<body>` and its end, as it is written: the demonstration's own words.
    private static func body(of stanza: Stanza) -> String? {
        let text = String(decoding: stanza.bytes, as: UTF8.self)
        guard let start = text.firstRange(of: "<body>"), let end = text.firstRange(of: "</body>"),
            start.upperBound <= end.lowerBound
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }

    private static func bounce(_ count: Int, _ fate: String, _ error: StanzaError) -> AccountEntry {
        let what = count == 1 ? "1 stanza" : "\(count) stanzas"
        let text = error.text.map { ": \($0)" } ?? ""
        return AccountEntry(.bounce, "\(what) \(fate), \(error.condition.rawValue)\(text)", .bad)
    }
}
