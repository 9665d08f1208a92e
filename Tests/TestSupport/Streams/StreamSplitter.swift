/// Cuts the bytes of an XMPP stream into its pieces.
///
/// It knows tags and quotes and no more of XML; streams have neither comments nor CDATA sections where servers are
/// well-behaved.
struct StreamSplitter {
    private var buffer: [UInt8] = []
    private var start = 0
    private var headerSeen = false

    mutating func append(_ bytes: [UInt8]) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// The next whole piece, or `nil` if more bytes are needed.
    mutating func next() -> StreamPiece? {
        var position = start
        var pieceStart: Int?
        var depth = 0
        while position < buffer.count {
            guard buffer[position] == UInt8(ascii: "<") else {
                position += 1
                continue
            }
            guard let end = endOfTag(at: position) else { return nil }
            let second = buffer[position + 1]
            let isEmpty = buffer[end - 2] == UInt8(ascii: "/")
            let tagStart = position
            position = end
            if second == UInt8(ascii: "?") { continue }
            if !headerSeen {
                headerSeen = true
                return .header(take(from: tagStart, to: end))
            }
            if second == UInt8(ascii: "/") {
                depth -= 1
                if depth < 0 {
                    start = end
                    headerSeen = false
                    return .end
                }
            } else {
                pieceStart = pieceStart ?? tagStart
                if !isEmpty { depth += 1 }
            }
            if depth == 0, let pieceStart { return .element(take(from: pieceStart, to: end)) }
        }
        return nil
    }

    /// The position after the `>` that ends the tag at `position`.
    private func endOfTag(at position: Int) -> Int? {
        var quote: UInt8?
        for index in position + 1..<max(buffer.count, position + 1) {
            let byte = buffer[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            }
        }
        return nil
    }

    private mutating func take(from: Int, to: Int) -> ReceivedElement {
        start = to
        return ReceivedElement(String(decoding: buffer[from..<to], as: UTF8.self))
    }
}
