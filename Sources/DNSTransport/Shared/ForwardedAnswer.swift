internal import NameResolution

/// An answer on its way back to the loop that asked.
struct ForwardedAnswer: Sendable {
    /// That of the question.
    let ticket: Int
    let answer: Answer
}
