/// Why a request was not carried out, in words for the operator.
public struct AdministrationFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// One sentence: what went wrong.
    public var message: String
    /// Every single error found, such as one for each line of a file; may be empty.
    public var details: [String]
    /// The sysexits code that `ligasectl` exits with.
    public var exitCode: ExitStatus

    /// Makes a failure.
    public init(_ message: String, details: [String] = [], exitCode: ExitStatus) {
        self.message = message
        self.details = details
        self.exitCode = exitCode
    }

    /// The message, and each detail on a line of its own.
    public var description: String {
        ([message] + details.map { "  " + $0 }).joined(separator: "\n")
    }

    private enum CodingKeys: String, CodingKey {
        case message, details
        case exitCode = "exit_code"
    }
}
