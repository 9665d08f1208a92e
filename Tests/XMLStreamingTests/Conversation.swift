import XMLStreaming
import XMPPModel

/// What a parser says to one text, with stanzas one by one, since where a run ends means nothing.
enum Said: Hashable {
    case header(StreamHeader)
    case element(XMLElement)
    case stanza(Stanza, from: String?, to: String?, id: String?, type: String?, language: String?)
    case closed
    case failed(StreamError)

    static func list(_ events: [XMLStreamEvent]) -> [Said] {
        events.flatMap { event -> [Said] in
            switch event {
            case .header(let header): [.header(header)]
            case .element(let element): [.element(element)]
            case .stanzas(let stanzas):
                stanzas.map {
                    .stanza($0, from: $0.from, to: $0.to, id: $0.id, type: $0.type, language: $0.language)
                }
            case .closed: [.closed]
            case .failed(let error): [.failed(error)]
            }
        }
    }

    var error: StreamError? {
        if case .failed(let error) = self { error } else { nil }
    }

    var stanza: String? {
        if case .stanza(let stanza, _, _, _, _, _) = self { String(decoding: stanza.bytes, as: UTF8.self) } else { nil }
    }
}

/// Feeds bytes in pieces of the given size.
func parse(
    _ bytes: [UInt8], by size: Int = .max, limits: XMLLimits = .established, contentNamespace: String = Namespace.server
) -> [Said] {
    let parser = XMLStreamParser(limits: limits, contentNamespace: contentNamespace)
    var events: [XMLStreamEvent] = []
    bytes.withUnsafeBytes { all in
        var start = 0
        while start < all.count {
            let end = start + min(size, all.count - start)
            parser.feed(UnsafeRawBufferPointer(rebasing: all[start..<end]), into: &events)
            start = end
        }
    }
    return Said.list(events)
}

func parse(_ text: String, by size: Int = .max, contentNamespace: String = Namespace.server) -> [Said] {
    parse(Array(text.utf8), by: size, contentNamespace: contentNamespace)
}

/// The same bytes whole, one by one, and in two pieces divided at every position.
func everyDivision(
    _ bytes: [UInt8], limits: XMLLimits = .established, contentNamespace: String = Namespace.server
) -> Set<[Said]> {
    var answers: Set<[Said]> = [parse(bytes, limits: limits, contentNamespace: contentNamespace)]
    for size in [1, 2, 3, 7] {
        answers.insert(parse(bytes, by: size, limits: limits, contentNamespace: contentNamespace))
    }
    for cut in 0...bytes.count {
        let parser = XMLStreamParser(limits: limits, contentNamespace: contentNamespace)
        var events: [XMLStreamEvent] = []
        bytes.withUnsafeBytes { all in
            parser.feed(UnsafeRawBufferPointer(rebasing: all[..<cut]), into: &events)
            parser.feed(UnsafeRawBufferPointer(rebasing: all[cut...]), into: &events)
        }
        answers.insert(Said.list(events))
    }
    return answers
}

extension XMLStreamParser {
    func feed(_ text: String) -> [XMLStreamEvent] {
        var events: [XMLStreamEvent] = []
        Array(text.utf8).withUnsafeBytes { _ = feed($0, into: &events) }
        return events
    }
}

/// Headers in the two styles and with the extras that matter.
enum Opening {
    static let plain = "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>"
    static let czech =
        "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' xml:lang='cs'>"
    static let full =
        "<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n<stream:stream xmlns='jabber:server'"
        + " xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' xmlns:x='urn:x'"
        + " from='a.example' to='b.example' id='s1' version='1.0' xml:lang='cs'>"
    static let prefixFree = "<stream xmlns='http://etherx.jabber.org/streams' version='1.0'>"
    static let component =
        "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='3'>"
}
