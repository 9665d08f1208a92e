/// A prooftype beyond those of the interface, as a program that has it built in declares it: its name may stand in
/// `prooftypes`, and it has a section of that name for settings of its own.
public struct ProoftypeSection: Sendable, Hashable {
    /// What a value has to be.
    public enum Form: Sendable, Hashable {
        /// A string.
        case text
        /// A list of strings.
        case texts
        /// A whole number.
        case integer
        /// True or false.
        case boolean
        /// The path of a file to read.
        case file
    }

    /// A key of the section.
    public struct Key: Sendable, Hashable {
        /// The key.
        public var name: String
        /// What its value has to be.
        public var form: Form
        /// Whether it has to be there where the prooftype is used.
        public var isRequired: Bool

        /// Declares a key.
        public init(name: String, form: Form, isRequired: Bool) {
            self.name = name
            self.form = form
            self.isRequired = isRequired
        }
    }

    /// The name of the prooftype and of its section.
    public var name: String
    /// The keys that the section may have.
    public var keys: [Key]

    /// Declares a section.
    public init(name: String, keys: [Key]) {
        self.name = name
        self.keys = keys
    }
}
