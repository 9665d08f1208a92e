internal import XMPPModel

/// A `<db:result/>` or `<db:verify/>`, read strictly (XEP-0220 §2). Which prefix a peer uses means nothing (DB-01).
struct DialbackElement: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case result, verify
    }

    enum Content: Hashable, Sendable {
        /// A request, with its key.
        case key(String)
        case valid
        case invalid
        case error(DialbackError)
        /// An answer of a type that nobody knows.
        case unknown
    }

    /// Both addresses as the peer spells them, for an answer that it recognises.
    struct Spelling: Hashable, Sendable {
        var from: String
        var to: String
    }

    /// What is wrong with an element (DB-27).
    struct Fault: Error, Hashable {
        var condition: StreamError.Condition
        var text: String

        var streamError: StreamError { StreamError(condition, text) }
    }

    let kind: Kind
    let from: DomainName
    let to: DomainName
    let spelling: Spelling
    /// Empty for a result.
    let id: String
    let content: Content

    /// - Parameter expected: The domain of ours that is most often meant: thousands of pairs then share its name.
    init(_ element: XMLElement, to expected: DomainName? = nil) throws(Fault) {
        guard let kind = Kind(rawValue: element.name) else {
            throw Fault(condition: .unsupportedStanzaType, text: "dialback knows no such element")
        }
        self.kind = kind
        let target = try Self.domain(element, "to")
        (from, to) = (try Self.domain(element, "from"), target == expected ? expected ?? target : target)
        spelling = Spelling(from: element["from"] ?? "", to: element["to"] ?? "")
        id = element["id"] ?? ""
        guard kind == .result || !id.isEmpty else {
            throw Fault(condition: .improperAddressing, text: "verify needs an id")
        }
        content =
            switch element["type"] {
            // The specification prints keys with space around them.
            case nil: .key(element.text.trimmingSpace)
            case "valid": .valid
            case "invalid": .invalid
            case "error": .error(DialbackError(element))
            default: .unknown
            }
    }

    /// The pair that a request is about, and that the one who answers it is asked for.
    var requestedPair: DomainPair {
        kind == .result ? DomainPair(sender: from, target: to) : DomainPair(sender: to, target: from)
    }

    /// The pair that an answer is about: it comes with the addresses swapped.
    var answeredPair: DomainPair {
        kind == .result ? DomainPair(sender: to, target: from) : DomainPair(sender: from, target: to)
    }

    /// What `type` says, for a report.
    var typeText: String {
        switch content {
        case .key: "none"
        case .valid: "valid"
        case .invalid: "invalid"
        case .error: "error"
        case .unknown: "unknown"
        }
    }

    private static func domain(_ element: XMLElement, _ name: String) throws(Fault) -> DomainName {
        guard let text = element[name], !text.isEmpty else {
            throw Fault(condition: .improperAddressing, text: "dialback needs a domain in \(name)")
        }
        do throws(AddressError) {
            return try DomainName(text)
        } catch {
            throw Fault(condition: .improperAddressing, text: "\(name): \(error)")
        }
    }
}

// MARK: - Writing

extension DialbackElement {
    /// Asks that stanzas of a pair are taken (DB-03).
    static func request(_ pair: DomainPair, key: String) -> XMLElement {
        XMLElement(
            Namespace.dialback, "result",
            attributes: ["from": pair.sender.description, "to": pair.target.description], text: key)
    }

    /// Asks whether a key is the sender's (DB-12).
    static func question(_ pair: DomainPair, id: String, key: String) -> XMLElement {
        XMLElement(
            Namespace.dialback, "verify",
            attributes: ["from": pair.target.description, "id": id, "to": pair.sender.description], text: key)
    }

    /// Answers a request, with the addresses as the peer spelled them.
    static func result(_ spelling: Spelling, _ content: Content) -> XMLElement {
        answer(XMLElement(Namespace.dialback, "result"), spelling, content)
    }

    /// Answers a question, with the addresses as the peer spelled them.
    static func verified(_ spelling: Spelling, id: String, _ content: Content) -> XMLElement {
        answer(XMLElement(Namespace.dialback, "verify", attributes: ["id": id]), spelling, content)
    }

    private static func answer(_ element: XMLElement, _ spelling: Spelling, _ content: Content) -> XMLElement {
        var element = element
        element.attributes.insert(XMLAttribute("from", spelling.to), at: 0)
        element["to"] = spelling.from
        switch content {
        case .valid: element["type"] = "valid"
        case .invalid: element["type"] = "invalid"
        case .error(let error):
            element["type"] = "error"
            element.children = [.element(error.element)]
        case .key, .unknown: break
        }
        return element
    }
}

extension String {
    /// The text without white space around it.
    fileprivate var trimmingSpace: String {
        let space: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        guard let first = firstIndex(where: { !space.contains($0) }),
            let last = lastIndex(where: { !space.contains($0) })
        else { return "" }
        return String(self[first...last])
    }
}
