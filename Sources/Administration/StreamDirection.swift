/// Who opened a connection.
public enum StreamDirection: String, Hashable, Sendable, Codable {
    /// The other side did.
    case inbound
    /// We did.
    case outbound
}
