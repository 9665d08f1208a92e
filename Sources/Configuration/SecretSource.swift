/// Where a secret comes from. Its description never shows the secret.
public enum SecretSource: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The secret stands in the configuration file itself.
    case text(String)
    /// The secret is the content of the file at this path, without a final line break.
    case file(String)

    /// The path, or a note that the secret is not shown.
    public var description: String {
        switch self {
        case .text: "(secret)"
        case .file(let path): path
        }
    }

    /// The same as `description`, so that no debug output shows a secret either.
    public var debugDescription: String { description }
}
