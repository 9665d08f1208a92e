internal import XMPPModel

/// Sends a message back as it came, with its addresses swapped.
///
/// An echo is one answer for one message and hardly longer, so it amplifies nothing. It is marked, and what is marked is
/// not answered, so that two echoes do not talk to each other for ever.
enum Echo {
    /// What an echo is marked with, as its last child.
    private static let marker = Array("<echo xmlns='ligase:echo'/>".utf8)

    /// The echo of a message, or nil when it is to have none: without a body, an error, the message of a room or a
    /// broadcast, one from a store (it may be old, and nobody waits), or an echo.
    static func answer(to message: Stanza) -> Stanza? {
        guard message.kind == .message, !message.isError, !message.hasType("groupchat"), !message.hasType("headline")
        else { return nil }
        return message.withBytes { bytes in
            guard let outline = StanzaOutline(bytes), outline.hasBody, !outline.hasDelay, !outline.hasEcho,
                let from = outline.from, let to = outline.to, let closing = outline.closing
            else { return nil }
            var echo: [UInt8] = []
            echo.reserveCapacity(bytes.count + marker.count)
            let isFromFirst = from.lowerBound < to.lowerBound
            let (first, second) = isFromFirst ? (from, to) : (to, from)
            echo.append(contentsOf: bytes[..<first.lowerBound])
            echo.append(contentsOf: bytes[second])
            echo.append(contentsOf: bytes[first.upperBound..<second.lowerBound])
            echo.append(contentsOf: bytes[first])
            echo.append(contentsOf: bytes[second.upperBound..<closing])
            echo += marker
            echo.append(contentsOf: bytes[closing...])
            return message.readdressed(as: echo)
        }
    }
}

extension Stanza {
    /// A message with these bytes and the same envelope, but for its swapped addresses.
    fileprivate func readdressed(as xml: [UInt8]) -> Stanza {
        let values = [to, from, id, type, language].map { $0.map { Array($0.utf8) } }
        let flat = values.flatMap { $0 ?? [] }
        return flat.withUnsafeBytes { lent in
            var start = 0
            let slices = values.map { value -> UnsafeRawBufferPointer? in
                guard let value else { return nil }
                defer { start += value.count }
                return UnsafeRawBufferPointer(rebasing: lent[start..<start + value.count])
            }
            return xml.withUnsafeBytes {
                Stanza(
                    kind, xml: $0, from: slices[0], to: slices[1], id: slices[2], type: slices[3], language: slices[4])
            }
        }
    }
}
