/// The name of a prooftype as the configuration and `associations` write it, such as `pkix`.
public struct ProoftypeName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Makes a name.
    public init(_ description: String) { self.description = description }

    /// Makes a name of a literal.
    public init(stringLiteral value: String) { description = value }

    /// What the verdict on a key that a domain was not proved with before is filed under.
    public static let continuity: ProoftypeName = "continuity"
}
