/// Why a text is not one of records; lines are counted from 1.
public enum MasterFileError: Error, Hashable, Sendable {
    /// A parenthesis has no counterpart.
    case unbalancedParenthesis(line: Int)
    /// A quotation mark has no counterpart on its line.
    case unterminatedText(line: Int)
    /// A directive other than `$ORIGIN` and `$TTL`, or one of these without its value.
    case unknownDirective(line: Int)
    /// A character that no text has: zero.
    case notText(line: Int)
    /// Something that is no record, with what the library said.
    case notARecord(line: Int, reason: String)
    /// A record of a type that does not belong here.
    case unexpectedType(line: Int, RecordType)
    /// No record at all where one is needed.
    case empty
}

extension MasterFileError: CustomStringConvertible {
    /// What an operator reads.
    public var description: String {
        switch self {
        case .unbalancedParenthesis(let line): "line \(line): a parenthesis without its counterpart"
        case .unterminatedText(let line): "line \(line): a quotation mark without its counterpart"
        case .unknownDirective(let line): "line \(line): only $ORIGIN and $TTL are known here, with their value"
        case .notText(let line): "line \(line): a zero octet"
        case .notARecord(let line, let reason): "line \(line): no record: \(reason)"
        case .unexpectedType(let line, let type): "line \(line): a record of type \(type), which does not belong here"
        case .empty: "no record at all"
        }
    }
}
