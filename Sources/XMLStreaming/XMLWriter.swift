public import XMPPModel

/// Writes what this side says of its own: headers, negotiation elements, errors.
///
/// The form is the one that every known server reads: `stream:` and `db:` are literal prefixes because some peers
/// compare them as text, and everything else is declared where it stands.
public enum XMLWriter {
    /// The end of a stream.
    public static let closing: [UInt8] = Array("</stream:stream>".utf8)

    /// The XML declaration and the opening tag of a stream.
    ///
    /// - Parameter header: `streamPrefix`, `streamNamespace` and `name` are not consulted, since there is one right
    ///   form. An attribute that is nil is left out; `from` may be empty where no domain of ours was meant (XS-10).
    /// - SeeAlso: RFC 6120 §4.7, XEP-0114 §3.
    public static func header(_ header: StreamHeader) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(320)
        output += "<?xml version='1.0'?><stream:stream".utf8
        // Compatibility: an old ejabberd read the stream only with xmlns in front of xmlns:stream.
        append("xmlns", header.contentNamespace ?? Namespace.server, to: &output)
        append("xmlns:stream", Namespace.stream, to: &output)
        if header.declaresDialback { append("xmlns:db", Namespace.dialback, to: &output) }
        append("from", header.from, to: &output)
        append("to", header.to, to: &output)
        append("id", header.id, to: &output)
        append("version", header.version?.description, to: &output)
        append("xml:lang", header.language, to: &output)
        output.append(UInt8(ascii: ">"))
        return output
    }

    /// Appends a first-level element of a stream that ``header(_:)`` opened.
    ///
    /// - Parameters:
    ///   - contentNamespace: The default namespace of that stream. With ``Namespace/server`` the prefix `db:` is used
    ///     for dialback, so the header has to declare it if such an element is written.
    ///   - output: Where the element goes.
    public static func append(
        _ element: XMLElement, contentNamespace: String = Namespace.server, to output: inout [UInt8]
    ) {
        append(element, inside: contentNamespace, declaresDialback: contentNamespace == Namespace.server, to: &output)
    }

    /// The bytes of one first-level element; see ``append(_:contentNamespace:to:)``.
    public static func bytes(of element: XMLElement, contentNamespace: String = Namespace.server) -> [UInt8] {
        var output: [UInt8] = []
        append(element, contentNamespace: contentNamespace, to: &output)
        return output
    }

    private static func append(
        _ element: XMLElement, inside outer: String, declaresDialback: Bool, to output: inout [UInt8]
    ) {
        var scope = outer
        let name: String
        switch element.namespace {
        case Namespace.stream: name = "stream:" + element.name
        case Namespace.dialback where declaresDialback: name = "db:" + element.name
        default:
            name = element.name
            scope = element.namespace
        }
        output.append(UInt8(ascii: "<"))
        output += name.utf8
        if scope != outer { append("xmlns", scope, to: &output) }
        append(element.attributes, declaresDialback: declaresDialback, to: &output)
        guard !element.children.isEmpty else {
            output += "/>".utf8
            return
        }
        output.append(UInt8(ascii: ">"))
        for child in element.children {
            switch child {
            case .element(let inner): append(inner, inside: scope, declaresDialback: declaresDialback, to: &output)
            case .text(let text): XMLText.append(text, to: &output)
            }
        }
        output += "</".utf8
        output += name.utf8
        output.append(UInt8(ascii: ">"))
    }

    private static func append(
        _ attributes: [XMLAttribute], declaresDialback: Bool, to output: inout [UInt8]
    ) {
        for (number, attribute) in attributes.enumerated() {
            switch attribute.namespace {
            case nil, "": append(attribute.name, attribute.value, to: &output)
            case Namespace.xml?: append("xml:" + attribute.name, attribute.value, to: &output)
            case Namespace.stream?: append("stream:" + attribute.name, attribute.value, to: &output)
            case Namespace.dialback? where declaresDialback:
                append("db:" + attribute.name, attribute.value, to: &output)
            case let namespace?:
                append("xmlns:a\(number)", namespace, to: &output)
                append("a\(number):" + attribute.name, attribute.value, to: &output)
            }
        }
    }

    private static func append(_ name: String, _ value: String?, to output: inout [UInt8]) {
        guard let value else { return }
        output.append(UInt8(ascii: " "))
        output += name.utf8
        output += "='".utf8
        XMLText.append(value, to: &output)
        output.append(UInt8(ascii: "'"))
    }
}
