/// An XMPP stream as a test writes and reads it: text one way, whole pieces the other.
public final class StreamConversation {
    private let connection: ByteConnection
    private let partner: String
    private var splitter = StreamSplitter()

    /// Talks over a connection.
    ///
    /// - Parameter partner: Who is at the other end, for the text of failures.
    public init(over connection: ByteConnection, with partner: String) {
        self.connection = connection
        self.partner = partner
    }

    /// Sends text as it is.
    public func send(_ text: String, within limit: Duration = .seconds(10)) throws(HarnessFailure) {
        try connection.send(Array(text.utf8), within: limit)
    }

    /// The next piece, whatever it is.
    ///
    /// - Throws: ``HarnessFailure/connectionClosed(while:)`` where the connection ends.
    public func receivePiece(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> StreamPiece {
        let deadline = Deadline.after(limit)
        while true {
            if let piece = splitter.next() { return piece }
            let bytes: [UInt8]
            do throws(HarnessFailure) {
                bytes = try connection.receive(before: deadline)
            } catch {
                guard case .timedOut = error else { throw error }
                throw .timedOut(awaiting: "a word from \(partner)", log: "")
            }
            guard !bytes.isEmpty else { throw .connectionClosed(while: "waiting for a word from \(partner)") }
            splitter.append(bytes)
        }
    }

    /// The next stream header.
    public func receiveHeader(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> ReceivedElement {
        let piece = try receivePiece(within: limit)
        guard case .header(let header) = piece else {
            throw .malformed("\(piece) from \(partner) in place of a header")
        }
        return header
    }

    /// The next first-level element.
    public func receiveElement(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> ReceivedElement {
        let piece = try receivePiece(within: limit)
        guard case .element(let element) = piece else {
            throw .malformed("\(piece) from \(partner) in place of an element")
        }
        return element
    }

    /// The next first-level element, or `nil` where the stream or its connection ends.
    public func receiveElementOrEnd(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> ReceivedElement? {
        do throws(HarnessFailure) {
            guard case .element(let element) = try receivePiece(within: limit) else { return nil }
            return element
        } catch {
            guard case .connectionClosed = error else { throw error }
            return nil
        }
    }

    /// From here on the peer begins a stream of its own, with a header (RFC 6120, section 4.3.3).
    public func restart() { splitter = StreamSplitter() }
}
