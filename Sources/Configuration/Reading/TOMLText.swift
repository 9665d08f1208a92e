internal import CTOML

/// TOML text; owns the parsed document for as long as the tree is being copied out of it.
struct TOMLText: ~Copyable {
    /// Where and how the text breaks the grammar.
    struct SyntaxError: Error, Hashable {
        let message: String
        let line: Int
        let column: Int
    }

    private let document: OpaquePointer

    /// Parses `text`, which has to be UTF-8.
    init(_ text: [UInt8]) throws(SyntaxError) {
        let parsed = text.withUnsafeBytes { bytes in
            ctoml_parse(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard let parsed else { throw SyntaxError(message: "memory is exhausted", line: 1, column: 1) }
        if let message = ctoml_error(parsed) {
            let failure = SyntaxError(
                message: String(cString: message), line: Int(ctoml_error_line(parsed)),
                column: Int(ctoml_error_column(parsed)))
            ctoml_free(parsed)
            throw failure
        }
        document = parsed
    }

    deinit { ctoml_free(document) }

    /// The document's own table.
    func root() -> TOMLValue {
        var index = 0
        let nodes = UnsafeBufferPointer(start: ctoml_nodes(document), count: ctoml_count(document))
        guard !nodes.isEmpty else { return TOMLValue(content: .table([]), line: 1, column: 1) }
        return Self.value(at: &index, in: nodes)
    }

    /// Copies the value at `index` and moves past it; the shim bounds the depth.
    private static func value(at index: inout Int, in nodes: UnsafeBufferPointer<ctoml_node>) -> TOMLValue {
        let node = nodes[index]
        index += 1
        let content: TOMLValue.Content
        switch Int(node.kind) {
        case CTOML_STRING: content = .string(string(node.text, node.text_length))
        case CTOML_INTEGER: content = .integer(node.integer)
        case CTOML_FLOAT: content = .float(node.real)
        case CTOML_BOOLEAN: content = .boolean(node.boolean)
        case CTOML_ARRAY:
            var elements: [TOMLValue] = []
            elements.reserveCapacity(node.children)
            for _ in 0..<node.children { elements.append(value(at: &index, in: nodes)) }
            content = .array(elements)
        case CTOML_TABLE:
            var entries: [TOMLEntry] = []
            entries.reserveCapacity(node.children)
            for _ in 0..<node.children {
                let child = nodes[index]
                entries.append(
                    TOMLEntry(
                        key: string(child.key, child.key_length), line: Int(child.key_line),
                        column: Int(child.key_column), value: value(at: &index, in: nodes)))
            }
            content = .table(entries)
        default: content = .dateTime
        }
        return TOMLValue(content: content, line: Int(node.line), column: Int(node.column))
    }

    private static func string(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
}
