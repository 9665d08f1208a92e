/// An external component (XEP-0114), connected to Ligase or to another server, that sends and receives by script.
public final class ComponentClient {
    /// The domain that the component serves.
    public let domain: String
    private let conversation: StreamConversation

    /// Connects and authenticates.
    ///
    /// - Throws: ``HarnessFailure/malformed(_:)`` if the server refuses.
    public init(
        _ domain: String, secret: String, at endpoint: Endpoint, within limit: Duration = .seconds(5)
    ) throws(HarnessFailure) {
        self.domain = domain
        let connection = try ByteConnection(to: endpoint, within: limit)
        conversation = StreamConversation(over: connection, with: "the server of component \(domain)")
        try send(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                + "xmlns:stream='http://etherx.jabber.org/streams' to='\(domain)'>")
        guard let id = try conversation.receiveHeader(within: limit).attribute("id") else {
            throw .malformed("no id for component \(domain)")
        }
        try send("<handshake>\(SecureHash.hexadecimalSHA1(id + secret))</handshake>")
        let answer = try conversation.receiveElement(within: limit)
        guard answer.name == "handshake" else { throw .malformed("component \(domain) is refused: \(answer)") }
    }

    /// Sends text as it is: stanzas, or anything else.
    public func send(_ text: String, within limit: Duration = .seconds(10)) throws(HarnessFailure) {
        try conversation.send(text, within: limit)
    }

    /// The next stanza.
    public func receive(within limit: Duration = .seconds(15)) throws(HarnessFailure) -> ReceivedElement {
        try conversation.receiveElement(within: limit)
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
}
