/// An external component (XEP-0114), connected to Ligase or to another server, that sends and receives by script.
public final class ComponentClient {
    /// The domain that the component serves.
    public let domain: String
    private let connection: ByteConnection
    private var splitter = StreamSplitter()

    /// Connects and authenticates.
    ///
    /// - Throws: ``HarnessFailure/malformed(_:)`` if the server refuses.
    public init(
        _ domain: String, secret: String, at endpoint: Endpoint, within limit: Duration = .seconds(5)
    ) throws(HarnessFailure) {
        self.domain = domain
        connection = try ByteConnection(to: endpoint, within: limit)
        let deadline = Deadline.after(limit)
        try send(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                + "xmlns:stream='http://etherx.jabber.org/streams' to='\(domain)'>")
        guard case .header(let header) = try nextPiece(before: deadline), let id = header.attribute("id") else {
            throw .malformed("no stream header with an id for component \(domain)")
        }
        try send("<handshake>\(SecureHash.hexadecimalSHA1(id + secret))</handshake>")
        let answer = try nextPiece(before: deadline)
        guard case .element(let element) = answer, element.name == "handshake" else {
            throw .malformed("component \(domain) is refused: \(answer)")
        }
    }

    /// Sends text as it is: stanzas, or anything else.
    public func send(_ text: String) throws(HarnessFailure) {
        try connection.send(Array(text.utf8))
    }

    /// The next stanza.
    public func receive(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> ReceivedElement {
        let piece = try nextPiece(before: .after(limit))
        guard case .element(let element) = piece else {
            throw .malformed("\(piece) in place of a stanza for component \(domain)")
        }
        return element
    }

    /// What is there already, without waiting; empty where a test expects nothing.
    public func receiveNothingMore() throws(HarnessFailure) -> [ReceivedElement] {
        var found: [ReceivedElement] = []
        do throws(HarnessFailure) {
            while true { found.append(try receive(within: .zero)) }
        } catch {
            guard case .timedOut = error else { throw error }
            return found
        }
    }

    private func nextPiece(before deadline: Deadline) throws(HarnessFailure) -> StreamPiece {
        while true {
            if let piece = splitter.next() { return piece }
            let bytes: [UInt8]
            do throws(HarnessFailure) {
                bytes = try connection.receive(before: deadline)
            } catch {
                guard case .timedOut = error else { throw error }
                throw .timedOut(awaiting: "a stanza for component \(domain)", log: "")
            }
            guard !bytes.isEmpty else { throw .connectionClosed(while: "component \(domain) waited") }
            splitter.append(bytes)
        }
    }
}
