/// What the section of a prooftype says: its keys, each in the form that ``ProoftypeKind/settings`` asks for.
public struct ProoftypeValues: Hashable, Sendable {
    /// A value.
    public enum Value: Hashable, Sendable {
        /// A string.
        case text(String)
        /// A list of strings.
        case texts([String])
        /// A whole number.
        case integer(Int64)
        /// True or false.
        case boolean(Bool)
        /// What a file holds.
        case file(path: String, content: [UInt8])
    }

    private let values: [String: Value]

    /// Collects what was read; nothing, where the section is missing.
    public init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    /// A string, or nil where the key is not set.
    public func text(_ key: String) -> String? {
        guard case .text(let text)? = values[key] else { return nil }
        return text
    }

    /// A list of strings, or nil where the key is not set.
    public func texts(_ key: String) -> [String]? {
        guard case .texts(let texts)? = values[key] else { return nil }
        return texts
    }

    /// A whole number, or nil where the key is not set.
    public func integer(_ key: String) -> Int64? {
        guard case .integer(let number)? = values[key] else { return nil }
        return number
    }

    /// A flag, or nil where the key is not set.
    public func boolean(_ key: String) -> Bool? {
        guard case .boolean(let flag)? = values[key] else { return nil }
        return flag
    }

    /// Path and content of a file, or nil where the key is not set.
    public func file(_ key: String) -> (path: String, content: [UInt8])? {
        guard case .file(let path, let content)? = values[key] else { return nil }
        return (path, content)
    }
}
