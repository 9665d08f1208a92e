/// How the configuration reads files; the edge supplies the real one, a test a dictionary.
public struct FileReader: Sendable {
    /// Why a file or a pattern could not be read, in words for an operator, as `No such file or directory`.
    public struct Failure: Error, Sendable, Hashable {
        /// The reason in one phrase.
        public var reason: String

        /// Makes a failure with its reason.
        public init(reason: String) {
            self.reason = reason
        }
    }

    /// The whole content of the file at a path.
    public var contents: @Sendable (_ path: String) throws(Failure) -> [UInt8]

    /// The paths that match a glob pattern (as `glob(7)`), sorted; empty when none does.
    public var matches: @Sendable (_ pattern: String) throws(Failure) -> [String]

    /// Makes a reader from its two functions.
    public init(
        contents: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8],
        matches: @escaping @Sendable (_ pattern: String) throws(Failure) -> [String]
    ) {
        self.contents = contents
        self.matches = matches
    }
}
