internal import DNSMessages
internal import DomainAssociation
internal import EventLoops
internal import Federation
internal import NameResolution
internal import Routing
internal import StreamProtocol
internal import TransportSecurity
internal import XMPPModel

/// Puts incidents into words.
enum Narrator {
    /// The words for an incident; nil for what would only repeat another one.
    static func entry(for incident: Incident) -> AccountEntry? {
        switch incident.event {
        case .lookup(let question, let response): lookup(question, response)
        case .visit(let visit): self.visit(visit)
        case .federation(let fact): entry(for: fact)
        }
    }

    // MARK: - DNS

    private static func lookup(_ question: DNSQuestion, _ response: DNSResponse) -> AccountEntry {
        let answers = response.answers.filter { $0.type == question.type }.map(text)
        guard answers.isEmpty else {
            return AccountEntry(.dns, question.description, "→ \(answers.joined(separator: ", "))")
        }
        let reason =
            response.code == .noError ? "no such record" : response.code == .nameError ? "no such name" : "no answer"
        return AccountEntry(.dns, question.description, "→ \(reason)", mood: .quiet)
    }

    private static func text(of record: DNSRecord) -> String {
        if let key = ZoneKey(record) { return "key \(key.tag)" }
        if let signer = DelegationSigner(record) { return "digest of key \(signer.keyTag)" }
        return switch record.data {
        case .a(let address), .aaaa(let address): address.description
        case .srv(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .cname(let name), .ns(let name): name.description
        case .soa(let start): start.primaryServer.description
        case .tlsa(let record):
            "\(record.usage) \(record.selector) \(record.matching) "
                + Hexadecimal.encode(Array(record.data.prefix(4))) + "…"
        case .other(let octets): "\(octets.count) octets"
        }
    }

    // MARK: - The web

    private static func visit(_ visit: EmbeddedWebServer.Visit) -> AccountEntry {
        guard visit.status == 200 else {
            return AccountEntry(.web, visit.url, "→ \(visit.status)", mood: .quiet)
        }
        let words = visit.content.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        return AccountEntry(.web, visit.url, "→ \(words.count > 120 ? "\(words.prefix(120))…" : words)")
    }

    // MARK: - Streams

    private static func entry(for fact: FederationFact) -> AccountEntry? {
        switch fact {
        // The questions tell as much.
        case .resolving: nil
        case .resolved(let pair, let resolution): resolved(pair, resolution)
        case .dialling(_, let host, let port, let directTLS):
            AccountEntry(.dial, "\(host) port \(port), \(way(directTLS))")
        case .connected(let stream, .initiating, let peer, _):
            AccountEntry(.connect, "\(stream) to \(peer?.description ?? "the peer")")
        case .connected(let stream, .receiving, let peer, let directTLS):
            AccountEntry(.accept, "\(stream) from \(peer?.description ?? "a peer"), \(way(directTLS))")
        case .secured(let stream, let version, let cipher, let certificate):
            AccountEntry(.tls, "\(stream) \(version) \(cipher)", presented(certificate))
        case .tlsFailed(let stream, let reason): AccountEntry(.tls, "\(stream) failed: \(reason)", mood: .bad)
        case .proofConcluded(let stream, let conclusion): proof(conclusion, stream)
        case .pairAsked(let stream, let pair):
            AccountEntry(.share, "\(stream) is there, and asked for \(pair)")
        case .keyAnswered(let stream, let question, let answer): key(question, answer, stream)
        case .established(let stream, let association): established(association, stream)
        case .sent(let stream, let stanzas): stanza(.send, stanzas, stream, .plain)
        case .received(let stream, let stanzas): stanza(.receive, stanzas, stream, .good)
        case .reported(let stream, let report): entry(for: report, stream)
        case .ended(let stream): AccountEntry(.close, "\(stream) is over", mood: .quiet)
        case .attemptFailed(_, let failure): AccountEntry(.giveUp, failure.explanation, mood: .bad)
        case .routed(.bounced(let count, _, let error)): bounce(count, "returned to the sender", error)
        case .routed(.dropped(let count, _, let error)): bounce(count, "dropped", error)
        }
    }

    private static func resolved(_ pair: DomainPair, _ resolution: ServiceResolution) -> AccountEntry {
        switch resolution {
        case .endpoints(let endpoints):
            let isSecure = endpoints.allSatisfy { $0.security == .secure }
            return AccountEntry(
                .dnssec, "where \(pair.target) is: \(endpoints.first?.security.rawValue ?? "")",
                endpoints.first?.reason ?? "", mood: isSecure ? .good : .plain)
        case .notOffered(let reason):
            return AccountEntry(.dnssec, "where \(pair.target) is: nowhere, \(reason)")
        case .nameDoesNotExist:
            return AccountEntry(.dnssec, "\(pair.target) does not exist", mood: .bad)
        case .failed(let failure):
            return AccountEntry(.dnssec, "where \(pair.target) is: nobody knows,", "\(failure)", mood: .bad)
        }
    }

    private static func way(_ directTLS: Bool) -> String {
        directTLS ? "TLS from the first byte" : "in clear first, then STARTTLS"
    }

    private static func presented(_ certificate: PeerCertificate?) -> String {
        guard let certificate else { return "peer: no certificate" }
        let names = certificate.subjectAlternativeNames.compactMap { name -> String? in
            guard case .dnsName(let text) = name else { return nil }
            return text
        }
        return "peer: \(names.joined(separator: ", ")) by \(certificate.issuer), "
            + "sha256 \(certificate.sha256Text.prefix(12))…"
    }

    private static func proof(_ conclusion: ProofConclusion, _ stream: StreamID) -> AccountEntry {
        let domain = conclusion.claim.claimedDomain
        switch conclusion {
        case .proven(let proven):
            let findings = proven.proof.findings.filter { $0.name == "matched" || $0.name == "anchor" }
                .map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            return AccountEntry(.proof, "\(stream) is \(domain), by \(proven.prooftype):", findings, mood: .good)
        case .refused(let claim, _) where claim.certificates.isEmpty:
            return AccountEntry(.proof, "\(stream) has still to prove that it is \(domain):", conclusion.explanation)
        case .refused:
            return AccountEntry(.proof, "\(stream) is NOT \(domain),", conclusion.explanation, mood: .bad)
        }
    }

    private static func established(_ association: Association, _ stream: StreamID) -> AccountEntry {
        let meaning = association.isIncoming ? "is accepted" : "may be sent"
        return AccountEntry(
            .associate, "\(stream) \(association.pair) \(meaning):",
            "\(association.level.rawValue) by \(association.prooftype), \(association.mechanism.rawValue)", mood: .good)
    }

    private static func key(
        _ question: DialbackQuestion, _ answer: DialbackAnswer, _ stream: StreamID
    ) -> AccountEntry {
        let domain = question.pair.sender
        let text = "\(stream) came with a key of \(domain):"
        return switch answer {
        case .valid(let server):
            AccountEntry(.dialback, text, "the server of that domain at \(server.address) knows it", mood: .good)
        case .invalid(let server):
            AccountEntry(.dialback, text, "the server of that domain at \(server.address) does not know it", mood: .bad)
        case .sameCertificate(let server):
            AccountEntry(.dialback, text, "the server at \(server.address) has the same certificate", mood: .good)
        case .unproven(let server):
            AccountEntry(
                .dialback, text, "the server at \(server.address) proved nothing, and was not asked", mood: .bad)
        case .unacceptable(let reason), .notFound(let reason), .unreachable(let reason), .silent(let reason),
            .overloaded(let reason):
            AccountEntry(.dialback, text, reason, mood: .bad)
        }
    }

    private static func entry(for report: StreamReport, _ stream: StreamID) -> AccountEntry? {
        switch report {
        // The conclusion itself has been told.
        case .proofRefused: nil
        case .invalidAddress(let text, let error):
            AccountEntry(.refuse, "\(stream): “\(text)” is no address: \(error)", mood: .bad)
        case .closing(let error):
            AccountEntry(.refuse, "\(stream) is closed with \(words(error))", mood: .bad)
        case .peerError(let error):
            AccountEntry(.refuse, "the peer closes \(stream) with \(words(error))", mood: .bad)
        case .authenticationRefused(let condition, let text):
            AccountEntry(
                .refuse, "the peer on \(stream) refuses our certificate: \(condition)", text ?? "", mood: .bad)
        // What was heard of the key has been told.
        case .dialback(.forgedKey): nil
        case .dialback(.foreignKey(let pair)):
            AccountEntry(.dialback, "\(stream) asks about a key of \(pair.sender), which is not ours", mood: .bad)
        case .dialback(.refused(let pair, let error, _)):
            AccountEntry(.refuse, "\(pair) is refused on \(stream) with \(error)", mood: .bad)
        case .dialback(let report): AccountEntry(.refuse, "dialback on \(stream):", report.description, mood: .bad)
        case .authenticationFailed(let condition):
            AccountEntry(.refuse, "the peer on \(stream) did not authenticate: \(condition)", mood: .bad)
        }
    }

    private static func words(_ error: StreamError) -> String {
        error.condition.rawValue + (error.text.map { ": \($0)" } ?? "")
    }

    // MARK: - Stanzas

    private static func stanza(
        _ kind: AccountEntry.Kind, _ stanzas: [Stanza], _ stream: StreamID, _ mood: AccountEntry.Mood
    ) -> AccountEntry {
        let texts = stanzas.map { stanza in
            let type = stanza.isError ? " error" : ""
            return "\(stanza.kind.elementName)\(type) \(stanza.from ?? "") → \(stanza.to ?? "")"
        }
        let bodies = stanzas.compactMap(body).map { "“\($0)”" }.joined(separator: " ")
        return AccountEntry(kind, "\(stream) \(texts.joined(separator: "; "))", bodies, mood: mood)
    }

    private static let references = [("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&quot;", "\""), ("&amp;", "&")]

    /// What stands between the first `<body>` and its end: the demonstration's own words.
    private static func body(of stanza: Stanza) -> String? {
        let text = String(decoding: stanza.bytes, as: UTF8.self)
        guard let start = text.firstRange(of: "<body>"), let end = text.firstRange(of: "</body>"),
            start.upperBound <= end.lowerBound
        else { return nil }
        var words = String(text[start.upperBound..<end.lowerBound])
        for (reference, character) in references { words.replace(reference, with: character) }
        return words
    }

    private static func bounce(_ count: Int, _ fate: String, _ error: StanzaError) -> AccountEntry {
        let what = count == 1 ? "1 stanza" : "\(count) stanzas"
        return AccountEntry(.bounce, "\(what) \(fate): \(error.condition.rawValue),", error.text ?? "", mood: .bad)
    }
}
