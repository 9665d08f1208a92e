internal import XMLStreaming
internal import XMPPModel

/// The XML parser: its events do not depend on how the bytes arrive, what it takes can be carried, and what it says
/// last is the end.
enum XMLStreamProperty {
    /// So small that a short input reaches each of them.
    private static let narrow = XMLLimits(
        elementBytes: 1024, depth: 6, attributes: 6, tagBytes: 256, nameBytes: 48, headerBytes: 512)
    /// A carried stanza gains declarations, so it may pass the limits under which it was taken.
    private static let wide = XMLLimits(
        elementBytes: 16_777_216, depth: 1024, attributes: 4096, tagBytes: 1_048_576, nameBytes: 65_536,
        headerBytes: 65_536)

    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let events = try check(input, under: .established)
        _ = try check(input, under: narrow)
        for event in events {
            switch event {
            case .stanzas(let stanzas):
                for stanza in stanzas { try checkCarrying(stanza) }
            case .element(let element): try checkWriting(element)
            case .header, .closed, .failed: break
            }
        }
    }

    private static func check(
        _ input: [UInt8], under limits: XMLLimits
    ) throws(PropertyViolation) -> [XMLStreamEvent] {
        let whole = try XMLReading.events([input[...]], limits: limits)
        try checkOrder(whole)
        let paused = try XMLReading.events([input[...]], limits: limits, pausing: true)
        try require(paused == whole, "with pauses: \(paused), without: \(whole)")
        for largest in [1, 7, 64] {
            let pieces = InputDivision.pieces(of: input, largest: largest)
            let divided = try XMLReading.events(pieces, limits: limits)
            try require(divided == whole, "in pieces of at most \(largest): \(divided), whole: \(whole)")
            try require(envelopes(divided) == envelopes(whole), "envelopes in pieces of at most \(largest) differ")
        }
        return whole
    }

    private static func envelopes(_ events: [XMLStreamEvent]) -> [StanzaEnvelope] {
        events.flatMap { event -> [StanzaEnvelope] in
            if case .stanzas(let stanzas) = event { stanzas.map(StanzaEnvelope.init) } else { [] }
        }
    }

    private static func checkOrder(_ events: [XMLStreamEvent]) throws(PropertyViolation) {
        for (place, event) in events.enumerated() {
            switch event {
            case .header: try require(place == 0, "a header is event number \(place)")
            case .stanzas(let stanzas):
                try require(place > 0 && !stanzas.isEmpty, "stanzas without a header, or none of them")
            case .element: try require(place > 0, "an element without a header")
            case .closed: try require(place > 0 && place == events.count - 1, "the close is not the last event")
            case .failed: try require(place == events.count - 1, "a failure is not the last event")
            }
        }
    }

    /// A carried stanza means the same in the stream of a component (RFC 6120 §4.8.3, RT-11, XS-22, XS-25).
    private static func checkCarrying(_ stanza: Stanza) throws(PropertyViolation) {
        let bytes = stanza.bytes
        let events = try within(Namespace.component, bytes)
        guard events.count == 3, case .stanzas(let carried) = events[1], carried.count == 1, events[2] == .closed else {
            let text = String(decoding: bytes, as: UTF8.self)
            throw PropertyViolation("a stanza does not stand alone: \(text) \(events)")
        }
        try require(carried[0].bytes == bytes, "a stanza changes when it is carried again: \(carried[0].bytes)")
        try require(
            StanzaEnvelope(carried[0]) == StanzaEnvelope(stanza),
            "the envelope changes: \(StanzaEnvelope(stanza)), \(StanzaEnvelope(carried[0]))")
        guard let tree = XMLElement(stanza) else {
            throw PropertyViolation("a stanza is no tree: \(String(decoding: bytes, as: UTF8.self))")
        }
        try require(tree.name == stanza.kind.elementName, "the tree of a \(stanza.kind) is \(tree.name)")
        try require(
            tree["from"] == stanza.from && tree["to"] == stanza.to && tree["id"] == stanza.id
                && tree["type"] == stanza.type,
            "the tree's envelope differs from the stanza's")
    }

    /// What the writer makes of an element is that element.
    private static func checkWriting(_ element: XMLElement) throws(PropertyViolation) {
        // In a stream of another content namespace no element is a stanza.
        let neutral = "urn:ligase:neutral"
        let events = try within(neutral, XMLWriter.bytes(of: element, contentNamespace: neutral))
        guard events.count == 3, case .element(let again) = events[1], events[2] == .closed else {
            throw PropertyViolation("a written element is not read: \(element) \(events)")
        }
        try require(again == element, "written: \(element), read: \(again)")
    }

    private static func within(
        _ contentNamespace: String, _ bytes: [UInt8]
    ) throws(PropertyViolation) -> [XMLStreamEvent] {
        let header = XMLWriter.header(StreamHeader(contentNamespace: contentNamespace))
        return try XMLReading.events(
            [(header + bytes + XMLWriter.closing)[...]], limits: wide, contentNamespace: contentNamespace)
    }
}
