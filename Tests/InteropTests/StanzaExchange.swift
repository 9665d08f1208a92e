import TestSupport
import Testing

/// Stanzas of all three kinds between the components of two servers.
enum StanzaExchange {
    /// Sends a message, a presence and a request from one side, and the answer to the request from the other.
    ///
    /// The first stanza makes the sender's server open its stream; the answer needs a way back.
    static func run(from sender: ComponentClient, to receiver: ComponentClient) throws {
        let (romeo, juliet) = ("romeo@\(sender.domain)/orchard", "juliet@\(receiver.domain)")

        try sender.send(
            """
            <message from='\(romeo)' to='\(juliet)' id='m1' type='chat'>\
            <body>Call me but love &amp; I&apos;ll be new baptized — 愛</body>\
            <x xmlns='urn:example:x'><message xmlns='jabber:client'/></x></message>
            """)
        let message = try receiver.receive()
        #expect(message.name == "message")
        #expect(message.attribute("from") == romeo)
        #expect(message.attribute("to") == juliet)
        #expect(message.attribute("id") == "m1")
        #expect(message.attribute("type") == "chat")
        #expect(message.text(of: "body") == "Call me but love & I'll be new baptized — 愛")
        #expect(message.contains("x"))

        try sender.send("<presence from='\(romeo)' to='\(juliet)' id='p1'><show>away</show></presence>")
        let presence = try receiver.receive()
        #expect(presence.name == "presence")
        #expect(presence.attribute("from") == romeo)
        #expect(presence.text(of: "show") == "away")

        try sender.send(
            "<iq from='\(romeo)' to='\(juliet)' id='q1' type='get'><query xmlns='jabber:iq:version'/></iq>")
        let request = try receiver.receive()
        #expect(request.name == "iq")
        #expect(request.attribute("type") == "get")
        #expect(request.attribute("id") == "q1")
        #expect(request.contains("query"))
        try receiver.send(
            """
            <iq from='\(juliet)' to='\(romeo)' id='q1' type='result'>\
            <query xmlns='jabber:iq:version'><name>Balcony</name></query></iq>
            """)
        let answer = try sender.receive()
        #expect(answer.name == "iq")
        #expect(answer.attribute("type") == "result")
        #expect(answer.attribute("id") == "q1")
        #expect(answer.attribute("from") == juliet)
        #expect(answer.text(of: "name") == "Balcony")
    }
}
