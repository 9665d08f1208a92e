internal import CLibXML2
internal import XMPPModel

/// A name, prefix or namespace in the dictionary of a parser context; equal texts have equal addresses.
typealias InternedText = UnsafePointer<xmlChar>

/// The names that are looked for, interned once so that a comparison is one of addresses.
struct InternedNames {
    let content: InternedText?
    let message: InternedText?
    let presence: InternedText?
    let iq: InternedText?
    let from: InternedText?
    let to: InternedText?
    let id: InternedText?
    let type: InternedText?
    let lang: InternedText?

    init(_ dictionary: xmlDictPtr?, contentNamespace: String) {
        func intern(_ text: String) -> InternedText? { xmlDictLookup(dictionary, text, -1) }
        content = intern(contentNamespace)
        message = intern("message")
        presence = intern("presence")
        iq = intern("iq")
        from = intern("from")
        to = intern("to")
        id = intern("id")
        type = intern("type")
        lang = intern("lang")
    }

    func kind(of name: InternedText) -> Stanza.Kind? {
        if name == message { return .message }
        if name == presence { return .presence }
        return name == iq ? .iq : nil
    }
}

/// A start tag as libxml2 reports it; valid during the call only.
struct StartTag {
    let name: InternedText
    let prefix: InternedText?
    let namespace: InternedText?
    let declarationCount: Int
    let declarations: UnsafeMutablePointer<InternedText?>?
    let attributeCount: Int
    let attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    /// The decoded value of an attribute; it has no terminator.
    func value(_ index: Int) -> UnsafeRawBufferPointer {
        guard let start = attributes?[5 * index + 3], let end = attributes?[5 * index + 4] else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: end - start)
    }
}

/// Everything that libxml2's callbacks read and write. It lives behind one pointer, so that a callback costs neither a
/// reference count nor a check of exclusive access; only ``LibXMLContext`` knows the pointer.
struct CallbackState {
    /// What the first-level element in progress is.
    enum Content {
        case nothing
        case stanza(Stanza.Kind)
        case tree
    }

    let context: xmlParserCtxtPtr
    let names: InternedNames
    /// Whether stanzas become trees, for those who look inside one.
    let treatsStanzasAsElements: Bool
    var fault: MarkupFault?
    var content = Content.nothing
    var envelope = Envelope()
    /// How often the content namespace is declared where it could be inherited.
    var redundantDeclarations = 0
    /// Where prefixes stand in the context's table that are declared on the header only and used in this stanza.
    var borrowedPrefixes: [Int] = []
    /// The octets of those prefixes and their namespaces.
    private var borrowedBytes = 0
    /// The entries of the context's namespace table that belong to the header.
    var headerEntries = 0
    var header: StreamHeader?
    /// What the header states, for stanzas that state nothing themselves (XS-25).
    var language: StreamLanguage?
    var tree = TreeBuilder()

    /// The most declarations in scope at an element so far, the header's left out.
    private var mostInScope = 0

    /// Each prefix is looked up among all declarations in scope, so that a stanza full of both costs their product.
    private static let namespacesInScope = 256
    /// What one stanza may take from the header: else a few octets of each would carry kilobytes on.
    private static let borrowedLimit = 1024

    init(_ context: xmlParserCtxtPtr, contentNamespace: String, treatsStanzasAsElements: Bool) {
        self.context = context
        self.treatsStanzasAsElements = treatsStanzasAsElements
        names = InternedNames(context.pointee.dict, contentNamespace: contentNamespace)
    }

    // MARK: - Callbacks

    mutating func started(_ tag: StartTag) {
        switch context.pointee.nameNr {
        case 0: startedStream(tag)
        case 1:
            mostInScope = 0
            startedFirstLevel(tag)
            countInScope()
        default:
            countInScope()
            if case .stanza = content {
                if tag.prefix != nil || tag.declarationCount != 0 || tag.attributeCount != 0 { inspect(tag) }
            } else {
                tree.start(element(tag))
            }
        }
    }

    /// Keeps the first fault: what the parser says afterwards is a consequence of it.
    mutating func failed(_ error: xmlError) {
        guard fault == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        switch xmlParserErrors(UInt32(bitPattern: error.code)) {
        case XML_WAR_NS_URI, XML_WAR_NS_URI_RELATIVE:
            // A namespace that is no URI is compared like any other; the stanza is only carried.
            break
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY: fault = .entityReference
        case XML_ERR_NO_MEMORY: fault = .outOfMemory
        case XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_UNKNOWN_ENCODING: fault = .wrongEncoding
        // Here the cursor is behind the tag, at something that comes later.
        case XML_ERR_TAG_NAME_MISMATCH: fault = .malformed
        // One code stands for a forbidden character and for bytes that are no character, and which code it is depends
        // on how many bytes follow. The cursor is at the place either way.
        default: fault = isAtInvalidUTF8 ? .wrongEncoding : .malformed
        }
    }

    private var isAtInvalidUTF8: Bool {
        guard let input = context.pointee.input?.pointee, let cursor = input.cur, let end = input.end, cursor < end
        else { return false }
        return UTF8Sequence(cursor, count: end - cursor) == .invalid
    }

    // MARK: - The stream

    private mutating func startedStream(_ tag: StartTag) {
        headerEntries = Int(context.pointee.nsNr)
        var received = StreamHeader(
            version: nil, streamNamespace: string(tag.namespace) ?? "", streamPrefix: string(tag.prefix) ?? "",
            contentNamespace: nil, name: string(tag.name) ?? "")
        for index in 0..<tag.declarationCount {
            let namespace = string(tag.declarations?[2 * index + 1])
            if namespace == Namespace.dialback { received.declaresDialback = true }
            // Without a prefix the default namespace is the stream's own, and stanzas declare theirs (XS-08).
            if tag.declarations?[2 * index] == nil, tag.prefix != nil || namespace != received.streamNamespace {
                received.contentNamespace = namespace
            }
        }
        for index in 0..<tag.attributeCount {
            let name = tag.attributes?[5 * index]
            let value = String(decoding: tag.value(index), as: UTF8.self)
            if let prefix = tag.attributes?[5 * index + 1] {
                if prefix == context.pointee.str_xml, name == names.lang { received.language = value }
                continue
            }
            switch name {
            case names.from: received.from = value
            case names.to: received.to = value
            case names.id: received.id = value
            default: if string(name) == "version" { received.version = StreamVersion(value) }
            }
        }
        header = received
        language = received.language.flatMap(StreamLanguage.init)
    }

    // MARK: - First-level elements

    private mutating func startedFirstLevel(_ tag: StartTag) {
        redundantDeclarations = 0
        if !borrowedPrefixes.isEmpty {
            borrowedPrefixes.removeAll()
            borrowedBytes = 0
        }
        guard tag.namespace == names.content, tag.namespace != nil, !treatsStanzasAsElements,
            let kind = names.kind(of: tag.name)
        else {
            content = .tree
            tree = TreeBuilder()
            LibXMLContext.reportContent(true, of: context)
            tree.start(element(tag))
            return
        }
        content = .stanza(kind)
        if tag.prefix != nil, fault == nil { fault = .prefixedStanza }
        envelope.removeAll()
        for index in 0..<tag.attributeCount {
            let name = tag.attributes?[5 * index]
            if let prefix = tag.attributes?[5 * index + 1] {
                if prefix != context.pointee.str_xml {
                    borrow(prefix)
                } else if name == names.lang {
                    envelope.language = envelope.store(tag.value(index))
                }
                continue
            }
            switch name {
            case names.from: envelope.from = envelope.store(tag.value(index))
            case names.to: envelope.to = envelope.store(tag.value(index))
            case names.id: envelope.id = envelope.store(tag.value(index))
            case names.type: envelope.type = envelope.store(tag.value(index))
            default: break
            }
        }
        countRedundantDeclarations(tag)
    }

    /// Counts what the element will have in scope wherever it is carried, with what it takes along from the header.
    private mutating func countInScope() {
        mostInScope = max(mostInScope, (Int(context.pointee.nsNr) - headerEntries) / 2)
        guard mostInScope + borrowedPrefixes.count > Self.namespacesInScope, fault == nil else { return }
        fault = .tooManyNamespaces
    }

    /// Looks for what keeps the bytes of a stanza from standing in another stream as they are.
    private mutating func inspect(_ tag: StartTag) {
        countRedundantDeclarations(tag)
        if let prefix = tag.prefix {
            borrow(prefix)
            // It would keep the namespace of this stream in every other one (XS-09).
            let parentEntries = Int(context.pointee.nsNr) - 2 * tag.declarationCount
            if tag.namespace == names.content, isContentInherited(entries: parentEntries), fault == nil {
                fault = .prefixedStanza
            }
        }
        for index in 0..<tag.attributeCount {
            if let prefix = tag.attributes?[5 * index + 1] { borrow(prefix) }
        }
    }

    private mutating func countRedundantDeclarations(_ tag: StartTag) {
        guard tag.declarationCount > 0, let declarations = tag.declarations else { return }
        for index in 0..<tag.declarationCount
        where declarations[2 * index] == nil && declarations[2 * index + 1] == names.content {
            if isContentInherited(entries: Int(context.pointee.nsNr)) { redundantDeclarations += 1 }
        }
    }

    /// Whether no element of the stanza has put another default namespace in the way.
    private func isContentInherited(entries: Int) -> Bool {
        var entry = headerEntries
        while entry + 1 < entries {
            if context.pointee.nsTab[entry] == nil, context.pointee.nsTab[entry + 1] != names.content { return false }
            entry += 2
        }
        return true
    }

    /// Notes a prefix whose declaration stands on the header, which the stanza leaves behind (XS-22).
    private mutating func borrow(_ prefix: InternedText) {
        guard prefix != context.pointee.str_xml else { return }
        var entry = Int(context.pointee.nsNr) - 2
        while entry >= 0, context.pointee.nsTab[entry] != prefix { entry -= 2 }
        guard entry >= 0, entry < headerEntries, !borrowedPrefixes.contains(entry) else { return }
        borrowedPrefixes.append(entry)
        countInScope()
        borrowedBytes += Int(xmlStrlen(prefix)) + Int(xmlStrlen(context.pointee.nsTab[entry + 1]))
        if borrowedBytes > Self.borrowedLimit, fault == nil { fault = .headerTooMuchUsed }
    }

    // MARK: - Texts

    private func element(_ tag: StartTag) -> XMLElement {
        var element = XMLElement(string(tag.namespace) ?? "", string(tag.name) ?? "")
        element.attributes.reserveCapacity(tag.attributeCount)
        for index in 0..<tag.attributeCount {
            element.attributes.append(
                XMLAttribute(
                    string(tag.attributes?[5 * index]) ?? "", String(decoding: tag.value(index), as: UTF8.self),
                    namespace: string(tag.attributes?[5 * index + 2])))
        }
        return element
    }

    private func string(_ text: UnsafePointer<xmlChar>?) -> String? { text.map { String(cString: $0) } }

    /// The declarations that the stanza borrowed from the header, as they are put into its start tag.
    var borrowedDeclarations: [UInt8] {
        var output: [UInt8] = []
        for entry in borrowedPrefixes {
            output += " xmlns:".utf8
            output += (string(context.pointee.nsTab[entry]) ?? "").utf8
            output += "='".utf8
            XMLText.append(string(context.pointee.nsTab[entry + 1]) ?? "", to: &output)
            output += "'".utf8
        }
        return output
    }
}
