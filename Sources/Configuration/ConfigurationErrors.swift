/// Everything that is wrong with a configuration, found in one pass, in the order of the files and lines.
public struct ConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The faults; never empty.
    public var errors: [ConfigurationError]
    /// What could be read all the same, so that faults of the files that it names can be told at once with these; nil
    /// where nothing was read. Nothing may run on it.
    public var partial: Configuration?

    /// Bundles faults that were found together.
    public init(_ errors: [ConfigurationError], partial: Configuration? = nil) {
        self.errors = errors
        self.partial = partial
    }

    /// One line for each fault.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
