/// What the peer said when it refused our authentication (RFC 6120 §6.5).
struct AuthenticationRefusal: Hashable, Sendable, CustomStringConvertible {
    /// The defined condition.
    var condition: String
    /// The peer's own words.
    var text: String?

    /// Whether another time may do better; the one condition that says so.
    var isTemporary: Bool { condition == "temporary-auth-failure" }

    /// For the operator.
    var description: String { text.map { "\(condition) (\($0))" } ?? condition }
}
