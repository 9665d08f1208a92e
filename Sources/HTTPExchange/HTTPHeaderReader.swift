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
        let content = Self.trimmed(line[...])
        if !isComplete, content.starts(with: Self.statusLineStart) {
            begin(content)
        } else if content.isEmpty {
            isComplete = (status ?? 0) >= 200
        } else if !isComplete, let colon = content.firstIndex(of: UInt8(ascii: ":")) {
            let value = Self.trimmed(content[content.index(after: colon)...])
            fields.append(HTTPField(Self.text(content[..<colon]), Self.text(value)))
        }
        return true
    }

    private static let statusLineStart = Array("HTTP/".utf8)

    private mutating func begin(_ statusLine: Slice<UnsafeRawBufferPointer>) {
        fields = []
        let words = statusLine.split(separator: UInt8(ascii: " "), maxSplits: 2)
        status = words.count > 1 ? Int(Self.text(words[1])) : nil
    }

    private static func text(_ octets: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: octets, as: UTF8.self)
    }

    /// Without white space and line ends around it.
    private static func trimmed(_ octets: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        let isSpace = { (octet: UInt8) in octet == 0x20 || 0x09...0x0D ~= octet }
        guard let first = octets.firstIndex(where: { !isSpace($0) }),
            let last = octets.lastIndex(where: { !isSpace($0) })
        else { return octets.prefix(0) }
        return octets[first...last]
    }
}
