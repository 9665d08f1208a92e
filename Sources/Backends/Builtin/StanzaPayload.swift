internal import XMLStreaming
internal import XMPPModel

/// The children of a stanza as trees, and back again; for the few stanzas that are looked into.
enum StanzaPayload {
    /// Stands for the content namespace while a stanza is a tree. Nobody else's, so that a declaration of
    /// `jabber:client` inside a payload stays one (RT-11).
    static let contentNamespace = "ligase:content"

    /// The child elements, or nil when the bytes cannot be read.
    static func children(of stanza: Stanza) -> [XMLElement]? {
        // The stanza has passed the limits of its own stream; these only have to let it through.
        let size = stanza.byteCount + 1024
        let limits = XMLLimits(
            elementBytes: size, depth: size, attributes: size, tagBytes: size, nameBytes: size, headerBytes: 1024)
        let parser = XMLStreamParser(limits: limits)
        var document = XMLWriter.header(StreamHeader())
        // As a child of an element that is no stanza it becomes a tree.
        document += "<stanza xmlns='\(contentNamespace)'>".utf8
        stanza.append(to: &document)
        document += "</stanza>".utf8
        var events: [XMLStreamEvent] = []
        document.withUnsafeBytes { _ = parser.feed($0, into: &events) }
        for event in events {
            if case .element(let wrapper) = event { return wrapper.elements.first?.elements }
        }
        return nil
    }

    /// An element as the content of a stanza.
    static func bytes(of element: XMLElement) -> [UInt8] {
        XMLWriter.bytes(of: element, contentNamespace: contentNamespace)
    }
}
