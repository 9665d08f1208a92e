/// Everything that is wrong with a configuration, found in one pass, in the order of the files and lines.
public struct ConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The faults; never empty.
    public var errors: [ConfigurationError]

    /// Bundles faults that were found together.
    public init(_ errors: [ConfigurationError]) {
        self.errors = errors
    }

    /// One line for each fault.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
