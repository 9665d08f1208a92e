/// A TOML value with its place in the text.
struct TOMLValue: Sendable {
    /// What the value is.
    enum Content: Sendable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case dateTime
        case array([TOMLValue])
        case table([TOMLEntry])
    }

    let content: Content
    let line: Int
    let column: Int

    /// The kind in words, as `a string`.
    var kind: String {
        switch content {
        case .string: "a string"
        case .integer: "a whole number"
        case .float: "a number with a fraction"
        case .boolean: "true or false"
        case .dateTime: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// A key with its value in a TOML table.
struct TOMLEntry: Sendable {
    let key: String
    let line: Int
    let column: Int
    let value: TOMLValue
}
