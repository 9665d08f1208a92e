/// Reads the header of a response line by line, as libcurl hands it over.
///
/// Interim responses (1xx) are forgotten when the next one begins; what comes behind the header, as trailers do, is left
/// out.
struct HTTPHeaderReader {
    /// The status, once it is known.
    private(set) var status: Int?
    /// The fields so far.
    private(set) var fields: [HTTPField] = []
    /// Whether there was more than is read.
    private(set) var isOverLimit = false

    private var isComplete = false
    private var octets = 0

    /// How many octets all headers and trailers of one response may have together.
    static let mostOctets = 32768

    /// Takes one line with its end.
    ///
    /// - Returns: False when there were too many octets; nothing is taken any more then.
    mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
        octets += line.count
        guard octets <= Self.mostOctets else {
            isOverLimit = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/"), !isComplete {
            begin(text)
        } else if text.allSatisfy(\.isNewline) {
            isComplete = (status ?? 0) >= 200
        } else if !isComplete, let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...]
            fields.append(HTTPField(String(text[..<colon]), Self.trimmed(value)))
        }
        return true
    }

    private mutating func begin(_ statusLine: String) {
        fields = []
        let words = statusLine.split(separator: " ", maxSplits: 2)
        status = words.count > 1 ? Int(words[1].prefix { $0.isASCII && $0.isNumber }) : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" || character.isNewline }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }
}
