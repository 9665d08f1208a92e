import StreamTestSupport
import XMLStreaming
import XMPPModel

/// What Ligase says, as its peer reads it.
struct PeerView {
    enum Said: Hashable {
        case header(StreamHeader)
        case element(XMLElement)
        case whitespace
        case closingTag
        /// Ligase begins TLS, or answers the handshake.
        case handshake
        /// The end of the connection.
        case end
    }

    fileprivate(set) var said: [Said] = []
    private var parser = Self.parser()

    /// Reads what Ligase wrote since the last time.
    mutating func read(_ end: StreamEnd) throws(ScenarioFault) {
        let segments = end.output
        end.output = []
        for segment in segments {
            switch segment {
            case .handshake: said.append(.handshake)
            case .end: said.append(.end)
            case .octets([UInt8(ascii: " ")], _): said.append(.whitespace)
            case .octets(let octets, _): try parse(octets)
            }
        }
    }

    /// The next thing that was said; nil for silence.
    mutating func next() -> Said? { said.isEmpty ? nil : said.removeFirst() }

    private mutating func parse(_ octets: [UInt8]) throws(ScenarioFault) {
        // Every stream of a connection begins with a declaration.
        if octets.starts(with: "<?xml".utf8) { parser = Self.parser() }
        for event in Self.feed(octets, to: parser) {
            switch event {
            case .header(let header): said.append(.header(header))
            case .element(let element): said.append(.element(element))
            case .closed: said.append(.closingTag)
            case .stanzas: throw ScenarioFault(line: 0, "a stanza where none can be")
            case .failed(let error): throw ScenarioFault(line: 0, "Ligase wrote what cannot be read: \(error)")
            }
        }
    }

    /// The elements that a text writes out, in the namespace of streams between servers.
    static func elements(_ text: String) -> [XMLElement]? {
        let parser = parser()
        _ = feed(XMLWriter.header(StreamHeader(declaresDialback: true)), to: parser)
        var elements: [XMLElement] = []
        for event in feed(Array(text.utf8), to: parser) {
            guard case .element(let element) = event else { return nil }
            elements.append(element)
        }
        return parser.isBetweenElements ? elements : nil
    }

    private static func feed(_ octets: [UInt8], to parser: XMLStreamParser) -> [XMLStreamEvent] {
        var events: [XMLStreamEvent] = []
        octets.withUnsafeBytes { _ = parser.feed($0, into: &events) }
        return events
    }

    /// To this parser nothing is a stanza: everything is an element that can be compared.
    private static func parser() -> XMLStreamParser {
        XMLStreamParser(limits: .established, contentNamespace: "urn:no-stanzas")
    }
}

extension XMLElement {
    /// Whether both say the same; the order of attributes says nothing.
    func says(_ other: XMLElement) -> Bool {
        guard self.is(other.namespace, other.name), Set(attributes) == Set(other.attributes),
            children.count == other.children.count
        else { return false }
        return zip(children, other.children).allSatisfy { left, right in
            switch (left, right) {
            case (.element(let left), .element(let right)): left.says(right)
            case (.text(let left), .text(let right)): left == right
            case (.element, .text), (.text, .element): false
            }
        }
    }

    /// As it would be written.
    var written: String { String(decoding: XMLWriter.bytes(of: self), as: UTF8.self) }
}

extension PeerView {
    /// Forgets what Ligase said, where it is of no interest.
    mutating func discard(_ end: StreamEnd) throws(ScenarioFault) {
        try read(end)
        said = []
    }
}
