/// One thing that is wrong with the configuration: where, what, and how to mend it.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path.
    public var file: String
    /// The line from 1, or `nil` where the fault is something that is missing from the whole file.
    public var line: Int?
    /// The column from 1, where known.
    public var column: Int?
    /// The key with its tables, as `tls.minimum_version`; empty for a fault of the file itself.
    public var keyPath: String
    /// What is wrong.
    public var message: String
    /// What to write or do instead.
    public var mend: String

    /// Describes a fault; a later stage (files, certificates) makes its own errors in the same form.
    public init(file: String, line: Int?, column: Int? = nil, keyPath: String, message: String, mend: String) {
        self.file = file
        self.line = line
        self.column = column
        self.keyPath = keyPath
        self.message = message
        self.mend = mend
    }

    /// Describes a fault of the file that a key names, at the place where the key is written.
    public init(_ referenced: ReferencedFile, message: String, mend: String) {
        self.init(
            file: referenced.position?.file ?? "", line: referenced.position?.line,
            column: referenced.position?.column, keyPath: referenced.keyPath, message: message, mend: mend)
    }

    /// `ligase.toml:12: tls.minimum_version: "1.1" is not offered (write "1.2" or "1.3")`, on one line.
    public var description: String {
        var text = file
        if let line { text += (text.isEmpty ? "line " : ":") + "\(line)" }
        if !text.isEmpty { text += ": " }
        if !keyPath.isEmpty { text += "\(keyPath): " }
        text += message
        return mend.isEmpty ? text : "\(text) (\(mend))"
    }
}
