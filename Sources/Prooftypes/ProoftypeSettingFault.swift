/// What is wrong with a setting of a prooftype, for the operator who mends it.
public struct ProoftypeSettingFault: Error, Hashable, Sendable {
    /// The key in the section of the prooftype.
    public var key: String
    /// What is wrong.
    public var message: String
    /// What to write or do instead.
    public var mend: String

    /// Describes a fault.
    public init(_ key: String, _ message: String, mend: String) {
        self.key = key
        self.message = message
        self.mend = mend
    }
}
