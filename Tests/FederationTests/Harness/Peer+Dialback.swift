import TestSupport
import TransportSecurity

/// A `<db:result/>` or `<db:verify/>` as it came.
struct DialbackText: Equatable, CustomStringConvertible {
    /// The element as it stood on the wire.
    let description: String

    var from: String? { attribute("from") }
    var to: String? { attribute("to") }
    var id: String? { attribute("id") }
    var type: String? { attribute("type") }
    /// The key, or whatever else is inside.
    var content: String {
        guard !description.hasSuffix("/>") else { return "" }
        return String(description.drop { $0 != ">" }.dropFirst().dropLast("</db:result>".count))
    }
    /// The condition of an error.
    var condition: String? {
        guard let range = content.firstRange(of: "><") else { return nil }
        return String(content[range.upperBound...].prefix { !" />".contains($0) })
    }
    /// What it says in two words: `valid`, `error item-not-found`.
    var verdict: String { [type, condition].compactMap(\.self).joined(separator: " ") }

    private func attribute(_ name: String) -> String? { Self.attribute(name, of: description.prefix { $0 != ">" }) }

    static func attribute(_ name: String, of tag: some StringProtocol) -> String? {
        guard let start = tag.firstRange(of: " \(name)='")?.upperBound else { return nil }
        return String(tag[start...].prefix { $0 != "'" })
    }
}

/// The steps of dialback (XEP-0220).
extension Peer {
    static let dialbackNamespace = "xmlns:db='jabber:server:dialback'"
    static let dialbackOffer = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>"

    static func result(_ key: String, from sender: String, to target: String, type: String? = nil) -> String {
        "<db:result from='\(sender)' to='\(target)'\(type.map { " type='\($0)'" } ?? "")>\(key)</db:result>"
    }

    static func verify(
        _ key: String, from target: String, to sender: String, id: String, type: String? = nil
    ) -> String {
        "<db:verify from='\(target)' to='\(sender)' id='\(id)'\(type.map { " type='\($0)'" } ?? "")>\(key)</db:verify>"
    }

    static func failing(_ condition: String) -> String {
        "<error type='cancel'><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    }

    /// The next dialback element of a kind; whatever comes before it is passed over.
    @discardableResult
    func readDialback(_ kind: String, within limit: Duration = Peer.patience) throws -> DialbackText {
        try read(until: "<db:\(kind)", within: limit)
        let tag = try read(until: ">", within: limit)
        let rest = tag.hasSuffix("/>") ? "" : try read(until: "</db:\(kind)>", within: limit)
        return DialbackText(description: "<db:\(kind)" + tag + rest)
    }

    // MARK: - As initiating server

    /// Opens a stream that declares dialback; the `id` of the response.
    @discardableResult
    func openForDialback(from sender: String, to target: String) throws -> String {
        let opening = try open(from: sender, to: target, extra: Self.dialbackNamespace)
        guard let start = opening.firstRange(of: "<stream:stream")?.lowerBound,
            let id = DialbackText.attribute("id", of: opening[start...].prefix { $0 != ">" })
        else { throw HarnessFailure.malformed("no id: \(opening)") }
        return id
    }

    /// Presents a key; what comes of it.
    func prove(_ sender: String, to target: String, key: String = "key") throws -> DialbackText {
        try send(Self.result(key, from: sender, to: target))
        return try readDialback("result")
    }

    // MARK: - As authoritative server, and as receiving server without EXTERNAL

    /// From the first byte to features that announce dialback and nothing else; the header under TLS.
    @discardableResult
    func serveDialback(
        _ domain: String, with issued: IssuedCertificate? = nil, features: String = Peer.dialbackOffer
    ) throws -> String {
        try serveUntilSecured(domain, with: issued)
        return try serveDialbackHeader(domain, features: features)
    }

    /// Answers a header with one that declares dialback.
    @discardableResult
    func serveDialbackHeader(_ domain: String, features: String = Peer.dialbackOffer) throws -> String {
        let header = try read(until: "<stream:stream") + read(until: ">")
        let own = Self.header(from: domain, to: nil, id: "id-of-\(domain)", extra: Self.dialbackNamespace)
        try send(own + "<stream:features>\(features)</stream:features>")
        return header
    }

    /// Answers the next question about a key.
    @discardableResult
    func answerQuestion(_ type: String, containing content: String = "") throws -> DialbackText {
        let question = try readDialback("verify")
        try answer(question, type, containing: content)
        return question
    }

    func answer(_ question: DialbackText, _ type: String, containing content: String = "") throws {
        try send(
            Self.verify(
                content, from: question.to ?? "", to: question.from ?? "", id: question.id ?? "", type: type))
    }

    /// Answers the next key that is presented.
    @discardableResult
    func answerKey(_ type: String, containing content: String = "") throws -> DialbackText {
        let key = try readDialback("result")
        try send(Self.result(content, from: key.to ?? "", to: key.from ?? "", type: type))
        return key
    }
}
