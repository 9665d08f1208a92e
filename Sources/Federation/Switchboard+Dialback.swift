internal import DomainAssociation
internal import EventLoops
internal import StreamProtocol
internal import XMPPModel

/// Keys that somebody presented to us, and whom to ask about them.
extension Switchboard {
    /// Has a key that came on a stream of this loop asked about, by the loop that owns its sender domain. The answer comes
    /// later, if the stream is still there.
    ///
    /// - Parameter origin: Where the peer is that presented the key.
    func verify(_ question: DialbackQuestion, on stream: StreamID, from origin: SocketAddress?) {
        let prefix = origin?.prefix64
        let answered: @Sendable (DialbackAnswer) -> Void = { [shared, index] answer in
            shared.observe?(.keyAnswered(stream, question, answer))
            shared.switchboard(index)?.post { $0.streams[stream]?.feed(.questionAnswered(question, answer)) }
        }
        let owner = shared.owner(of: question.pair.sender)
        guard owner != index else { return keyQuestions.ask(question, for: prefix, completion: answered) }
        shared.switchboard(owner)?.post { $0.keyQuestions.ask(question, for: prefix, completion: answered) }
    }
}
