internal import XMPPModel

/// One scene: somebody sends a message, and what must come of it.
public struct Scene: Sendable {
    /// The message with which a scene begins.
    struct Message: Sendable {
        /// The player that sends it.
        let player: String
        let from: String
        let to: String
        let body: String
    }

    /// A short name, for scripts; also the `id` of the message.
    public let name: String
    /// The heading.
    public let title: String
    /// What to look out for, in a few sentences.
    public let story: String
    let message: Message
    /// The scene succeeds when each of these has happened.
    let milestones: [Milestone]
    /// The scene fails when one of these happens.
    let forbidden: [Milestone]

    init(
        name: String, title: String, story: String, message: Message, milestones: [Milestone],
        forbidden: [Milestone] = []
    ) {
        self.name = name
        self.title = title
        self.story = story
        self.message = message
        self.milestones = milestones
        self.forbidden = forbidden
    }

    /// The message as a stanza.
    var stanza: Stanza {
        var content = Array("<body>".utf8)
        XMLText.append(message.body, to: &content)
        content += "</body>".utf8
        return Stanza(.message, from: message.from, to: message.to, id: name, type: "chat", content: content)
    }
}
