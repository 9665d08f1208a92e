internal import CLibXML2
internal import XMPPModel

/// Owns a push parser of libxml2 and frees it exactly once.
///
/// libxml2 is used as a judge of well-formedness and as a reader of start tags. It is fed whole tags only, builds no
/// tree, knows no document type, and reports text to nobody while a stanza is carried.
final class LibXMLContext {
    private let context: xmlParserCtxtPtr
    private let state: UnsafeMutablePointer<CallbackState>
    private var hasLargeBuffer = false

    /// The most that is fed at once: libxml2's buffer grows with its largest piece and never shrinks.
    static let piece = 4096
    /// libxml2 takes from an unfinished CDATA section 300 bytes at a call and leaves the rest to pile up.
    static let characterDataPiece = 300
    /// The names that a context has seen stay in its dictionary; beyond this it is replaced.
    private static let dictionaryEntries: Int32 = 4096
    private static let dictionaryBytes = 131_072

    private static let isLibraryReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// Nil when there is no memory for a parser.
    init?(contentNamespace: String, treatsStanzasAsElements: Bool = false) {
        guard Self.isLibraryReady else { return nil }
        var callbacks = xmlSAXHandler()
        callbacks.initialized = UInt32(XML_SAX2_MAGIC)
        callbacks.startElementNs = { data, name, prefix, namespace, declarations, table, attributes, _, values in
            guard let data, let name else { return }
            data.assumingMemoryBound(to: CallbackState.self).pointee.started(
                StartTag(
                    name: name, prefix: prefix, namespace: namespace, declarationCount: Int(declarations),
                    declarations: table, attributeCount: Int(attributes), attributes: values))
        }
        // Without it libxml2 writes to standard error.
        callbacks.serror = { data, error in
            guard let data, let error else { return }
            data.assumingMemoryBound(to: CallbackState.self).pointee.failed(error.pointee)
        }
        let state = UnsafeMutablePointer<CallbackState>.allocate(capacity: 1)
        guard let context = xmlCreatePushParserCtxt(&callbacks, state, nil, 0, nil) else {
            state.deallocate()
            return nil
        }
        // Without the second, `&amp;` in an attribute arrives as `&#38;`. There are no other entities: no document type is
        // ever read.
        _ = xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue))
        state.initialize(
            to: CallbackState(
                context, contentNamespace: contentNamespace, treatsStanzasAsElements: treatsStanzasAsElements))
        self.context = context
        self.state = state
    }

    deinit {
        if let document = context.pointee.myDoc { xmlFreeDoc(document) }
        xmlFreeParserCtxt(context)
        state.pointee.envelope.free()
        state.pointee.language?.free()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Switches on the callbacks that only a tree needs.
    static func reportContent(_ isReporting: Bool, of context: xmlParserCtxtPtr) {
        guard let callbacks = context.pointee.sax else { return }
        let text: charactersSAXFunc? =
            !isReporting
            ? nil
            : { data, bytes, count in
                guard let data, let bytes else { return }
                data.assumingMemoryBound(to: CallbackState.self).pointee.tree.append(
                    UnsafeBufferPointer(start: bytes, count: Int(count)))
            }
        callbacks.pointee.characters = text
        // Were they different, libxml2 would look ahead to tell one kind of white space from the other.
        callbacks.pointee.ignorableWhitespace = text
        callbacks.pointee.cdataBlock = text
        callbacks.pointee.endElementNs =
            !isReporting
            ? nil
            : { data, _, _, _ in
                data?.assumingMemoryBound(to: CallbackState.self).pointee.tree.end()
            }
    }

    // MARK: - Parsing

    /// Feeds bytes; nil when there is nothing wrong with them.
    func parse(_ bytes: UnsafePointer<UInt8>, count: Int) -> MarkupFault? {
        guard count > 0 else { return state.pointee.fault }
        if count > Self.piece { hasLargeBuffer = true }
        UnsafeRawPointer(bytes).withMemoryRebound(to: CChar.self, capacity: count) { bytes in
            _ = xmlParseChunk(context, bytes, Int32(clamping: count), 0)
        }
        if let fault = state.pointee.fault { return fault }
        return context.pointee.wellFormed == 1 && context.pointee.disableSAX == 0 ? nil : .malformed
    }

    /// How many elements are open, the stream included.
    var openElements: Int { Int(context.pointee.nameNr) }

    /// Whether libxml2 has taken everything that it was fed.
    var isDrained: Bool {
        guard let input = context.pointee.input else { return true }
        return input.pointee.cur == input.pointee.end
    }

    /// Whether the context has grown beyond what a stream should hold.
    var isWornOut: Bool {
        hasLargeBuffer || xmlDictSize(context.pointee.dict) > Self.dictionaryEntries
            || xmlDictGetUsage(context.pointee.dict) > Self.dictionaryBytes
    }

    // MARK: - Results

    /// The header, once it was parsed.
    var header: StreamHeader? { state.pointee.header }

    /// Whether the first-level element that was parsed last is a stanza.
    var isStanza: Bool {
        if case .stanza = state.pointee.content { true } else { false }
    }

    /// The first-level element that was parsed last, if it is no stanza and is complete.
    func takeElement() -> XMLElement? {
        let element = state.pointee.tree.result
        state.pointee.tree = TreeBuilder()
        state.pointee.content = .nothing
        Self.reportContent(false, of: context)
        return element
    }

    /// The stanza that was parsed last; nil when it was an element of another kind.
    ///
    /// - Parameters:
    ///   - raw: Its bytes as they were received.
    ///   - contentNamespace: What has to become implicit (RT-11).
    func stanza(_ raw: UnsafeRawBufferPointer, contentNamespace: [UInt8]) -> Stanza? {
        guard case .stanza(let kind) = state.pointee.content else { return nil }
        let inherited = state.pointee.envelope.language.isAbsent ? state.pointee.language : nil
        if let inherited { state.pointee.envelope.language = state.pointee.envelope.store(inherited.value) }
        if state.pointee.redundantDeclarations == 0, state.pointee.borrowedPrefixes.isEmpty {
            return stanza(kind, raw, inserting: inherited?.attribute)
        }
        var insertion = state.pointee.borrowedDeclarations
        if let inherited { insertion.append(contentsOf: inherited.attribute) }
        let rewriting = StanzaRewriting(
            contentNamespace: contentNamespace, declarations: state.pointee.redundantDeclarations)
        return rewriting.apply(to: raw).withUnsafeBytes { xml in
            insertion.withUnsafeBytes { stanza(kind, xml, inserting: $0) }
        }
    }

    private func stanza(
        _ kind: Stanza.Kind, _ xml: UnsafeRawBufferPointer, inserting insertion: UnsafeRawBufferPointer?
    ) -> Stanza {
        let envelope = state.pointee.envelope
        return Stanza(
            kind, xml: xml, inserting: insertion, values: envelope.values, from: envelope.from.range,
            to: envelope.to.range, id: envelope.id.range, type: envelope.type.range, language: envelope.language.range)
    }
}
