public import XMPPModel

extension XMLElement {
    /// Reads a stanza as a tree, for those who must look inside one; it costs a parser of its own.
    ///
    /// Nil when the stanza's bytes are not well-formed, which a parser's stanzas always are.
    ///
    /// - Parameter contentNamespace: What the stanza leaves implicit.
    public init?(_ stanza: Stanza, contentNamespace: String = Namespace.server) {
        guard let context = LibXMLContext(contentNamespace: contentNamespace, treatsStanzasAsElements: true) else {
            return nil
        }
        var bytes: [UInt8] = Array("<stream xmlns='".utf8)
        XMLText.append(contentNamespace, to: &bytes)
        bytes += "'>".utf8
        stanza.append(to: &bytes)
        let fault = bytes.withUnsafeBufferPointer { whole in
            whole.baseAddress.map { context.parse($0, count: whole.count) } ?? .malformed
        }
        guard fault == nil, context.openElements == 1, context.isDrained, let element = context.takeElement() else {
            return nil
        }
        self = element
    }
}
