/// The entries of a master file: comments set aside, and what parentheses join on one line (RFC 1035 §5.1).
struct MasterFileLines {
    /// One entry.
    struct Entry {
        /// Where it begins.
        let line: Int
        /// Its text, whose first octet is a blank if the owner is that of the entry before.
        var text: [UInt8] = []
        /// The comments in it.
        var comment: [UInt8] = []

        var isBlank: Bool { text.allSatisfy { $0 == 0x20 } }
    }

    private(set) var entries: [Entry] = []

    init(_ text: String) throws(MasterFileError) {
        var entry = Entry(line: 1)
        var line = 1
        var openedOn: Int?
        var (isQuoted, isComment, isEscaped) = (false, false, false)
        for octet in text.utf8 {
            guard octet != 0 else { throw .notText(line: line) }
            if octet == UInt8(ascii: "\n") {
                guard !isQuoted else { throw .unterminatedText(line: line) }
                (isComment, isEscaped) = (false, false)
                line += 1
                if openedOn == nil {
                    if !entry.isBlank { entries.append(entry) }
                    entry = Entry(line: line)
                } else {
                    entry.text.append(0x20)
                }
            } else if isComment {
                entry.comment.append(octet)
            } else if isEscaped || isQuoted {
                isQuoted = octet == UInt8(ascii: "\"") && !isEscaped ? false : isQuoted
                isEscaped = octet == UInt8(ascii: "\\") && !isEscaped
                entry.text.append(octet)
            } else {
                switch octet {
                case UInt8(ascii: ";"): isComment = true
                case UInt8(ascii: "("):
                    guard openedOn == nil else { throw .unbalancedParenthesis(line: line) }
                    openedOn = line
                    entry.text.append(0x20)
                case UInt8(ascii: ")"):
                    guard openedOn != nil else { throw .unbalancedParenthesis(line: line) }
                    openedOn = nil
                    entry.text.append(0x20)
                case UInt8(ascii: "\t"), UInt8(ascii: "\r"): entry.text.append(0x20)
                default:
                    isQuoted = octet == UInt8(ascii: "\"")
                    isEscaped = octet == UInt8(ascii: "\\")
                    entry.text.append(octet)
                }
            }
        }
        guard !isQuoted else { throw .unterminatedText(line: line) }
        if let openedOn { throw .unbalancedParenthesis(line: openedOn) }
        if !entry.isBlank { entries.append(entry) }
    }
}
