public import XMPPModel

/// The answer to `close`.
public struct CloseReply: Hashable, Sendable, Codable {
    /// The streams that are being closed.
    public var closed: [StreamID]

    /// Makes an answer.
    public init(closed: [StreamID]) { self.closed = closed }
}
