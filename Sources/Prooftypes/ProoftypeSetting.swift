/// A key in the section of a prooftype.
public struct ProoftypeSetting: Hashable, Sendable {
    /// What the value is.
    public enum Form: Hashable, Sendable {
        /// A string.
        case text
        /// A list of strings.
        case texts
        /// A whole number.
        case integer
        /// True or false.
        case boolean
        /// The path of a file, relative to the configuration's; its content is read.
        case file
    }

    /// The key.
    public let key: String
    /// What its value is.
    public let form: Form
    /// Whether a prooftype that is enabled cannot do without it.
    public let isRequired: Bool

    /// Describes a key.
    public init(_ key: String, _ form: Form, isRequired: Bool = false) {
        self.key = key
        self.form = form
        self.isRequired = isRequired
    }
}
