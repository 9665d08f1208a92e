/// A failure with what the servers said about it, which is gone with the test's directory.
struct LoggedFailure: Error, CustomStringConvertible {
    let error: any Error
    let logs: String

    var description: String { "\(error)\n\(logs)" }
}
