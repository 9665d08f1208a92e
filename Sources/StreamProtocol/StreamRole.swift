/// Which side of a stream we are (RFC 6120 §4.1).
public enum StreamRole: String, Hashable, Sendable {
    /// The peer opened the stream.
    case receiving
    /// We opened the stream.
    case initiating
}
