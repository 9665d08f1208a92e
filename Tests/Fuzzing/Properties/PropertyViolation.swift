/// What a parser did with some bytes that it must never do.
public struct PropertyViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was seen, in one sentence.
    public let description: String

    /// Makes a violation.
    public init(_ description: String) { self.description = description }
}

/// Demands what has to hold whatever the bytes were.
func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(PropertyViolation) {
    guard holds else { throw PropertyViolation(otherwise()) }
}
