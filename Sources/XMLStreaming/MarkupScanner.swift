internal import CLibXML2

/// Finds where tags and elements end, before libxml2 sees a byte, and counts what the limits bound.
///
/// libxml2 alone would look through an incomplete token again for each piece of it, and pay for a long tag before it
/// can be refused. The scanner judges nothing else: whether what stands between two boundaries is XML is for libxml2
/// to say, and the parser checks that both agree where an element ends.
struct MarkupScanner {
    /// What the byte under the cursor belongs to.
    enum Lexeme {
        /// A `<`, and too little behind it to say what it opens.
        case markup
        case tag
        case quoted(UInt8)
        case text
        case characterData
    }

    /// Why the scanner stopped.
    enum Outcome {
        /// No more bytes; the cursor is at their end, or at a `<` that says too little yet.
        case exhausted
        /// A tag ended at the cursor, and enough has come together to be worth parsing.
        case checkpoint
        /// Text ended at the cursor, and it is long.
        case longText
        /// A CDATA section that began at `tokenStart` ended at the cursor, and it is long.
        case longCharacterData
        /// The first-level element is complete; the cursor is behind its last `>`.
        case complete
        /// What begins at `tokenStart` breaks a rule.
        case fault(MarkupFault)
    }

    private let stopsAfterTag: Bool
    private var lexeme = Lexeme.markup
    /// The next byte to look at, counted from the `<` of the first-level element.
    private(set) var cursor = 0
    /// Where the last token began that is not complete, or that just ended.
    private(set) var tokenStart = 0
    /// Behind the last complete tag.
    private(set) var tagEnd = 0
    /// How many elements are open in the first-level element, itself included.
    private(set) var depth = 0
    private var attributes = 0
    /// Where the bytes since the last attribute value began; a name is never longer than they are.
    private var gapStart = 0
    private var longestGap = 0

    /// The amount of unparsed bytes that is worth a call of libxml2.
    static let batch = 2048

    /// - Parameter stopsAfterTag: Whether the first tag is all that is looked for, as with the header of a stream.
    init(stopsAfterTag: Bool = false) { self.stopsAfterTag = stopsAfterTag }

    /// Whether the bytes before the cursor end in text or in character data.
    var isInText: Bool {
        switch lexeme {
        case .text, .characterData: true
        case .markup, .tag, .quoted: false
        }
    }

    /// Whether the bytes before the cursor end in a CDATA section.
    var isInCharacterData: Bool {
        if case .characterData = lexeme { true } else { false }
    }

    /// Goes on until something is to be done.
    ///
    /// - Parameters:
    ///   - bytes: The first-level element so far, from its `<`.
    ///   - count: How many there are.
    ///   - parsed: How many of them libxml2 has seen.
    ///   - bound: The limit of the element's size.
    mutating func scan(
        _ bytes: UnsafePointer<UInt8>, count: Int, parsed: Int, bound: Int, limits: XMLLimits
    ) -> Outcome {
        let end = min(count, bound)
        while true {
            let outcome: Outcome?
            switch lexeme {
            case .text: outcome = scanText(bytes, end: end, parsed: parsed)
            case .tag: outcome = scanTag(bytes, end: end, count: count, parsed: parsed, limits: limits)
            case .quoted(let quote): outcome = scanValue(bytes, quote, end: end, count: count, limits: limits)
            case .markup: outcome = scanMarkup(bytes, end: end)
            case .characterData: outcome = scanCharacterData(bytes, end: end, parsed: parsed)
            }
            guard let outcome else { continue }
            if case .exhausted = outcome, count > bound { return .fault(.tooBig) }
            return outcome
        }
    }

    private mutating func scanText(_ bytes: UnsafePointer<UInt8>, end: Int, parsed: Int) -> Outcome? {
        guard cursor < end, let found = ligase_find_byte(bytes + cursor, UInt8(ascii: "<"), end - cursor) else {
            cursor = max(cursor, end)
            return .exhausted
        }
        cursor = bytes.distance(to: found)
        lexeme = .markup
        return cursor - parsed >= Self.batch ? .longText : nil
    }

    private mutating func scanMarkup(_ bytes: UnsafePointer<UInt8>, end: Int) -> Outcome? {
        tokenStart = cursor
        guard end - cursor >= 2 else { return .exhausted }
        switch bytes[cursor + 1] {
        case UInt8(ascii: "!"): return scanDeclaration(bytes, end: end)
        case UInt8(ascii: "?"):
            for (offset, expected) in "<?xml".utf8.enumerated() {
                guard cursor + offset < end else { return .exhausted }
                guard bytes[cursor + offset] == expected else { return .fault(.processingInstruction) }
            }
            guard cursor + 5 < end else { return .exhausted }
            return .fault(bytes[cursor + 5].isXMLSpace ? .misplacedDeclaration : .processingInstruction)
        default:
            lexeme = .tag
            cursor += 1
            gapStart = cursor
            longestGap = 0
            attributes = 0
            return nil
        }
    }

    private mutating func scanDeclaration(_ bytes: UnsafePointer<UInt8>, end: Int) -> Outcome? {
        for (offset, expected) in "<![CDATA[".utf8.enumerated() {
            guard cursor + offset < end else { return .exhausted }
            guard bytes[cursor + offset] == expected else {
                return .fault(offset == 2 ? .commentOrDoctype : .malformed)
            }
        }
        guard depth > 0 else { return .fault(.textAtFirstLevel) }
        cursor += 9
        lexeme = .characterData
        return nil
    }

    private mutating func scanTag(
        _ bytes: UnsafePointer<UInt8>, end: Int, count: Int, parsed: Int, limits: XMLLimits
    ) -> Outcome? {
        let tagLimit = tokenStart + limits.tagBytes
        let stop = min(end, tagLimit)
        var index = cursor
        while index < stop {
            let byte = bytes[index]
            // Letters are all behind `>`, and most bytes of a tag are letters.
            if byte > UInt8(ascii: ">") {
                index += 1
                continue
            }
            switch byte {
            case UInt8(ascii: ">"):
                cursor = index + 1
                return finishTag(bytes, parsed: parsed, limits: limits)
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                attributes += 1
                guard attributes <= limits.attributes else { return .fault(.tooManyAttributes) }
                longestGap = max(longestGap, index - gapStart)
                lexeme = .quoted(byte)
                cursor = index + 1
                return nil
            case UInt8(ascii: "<"):
                return .fault(.malformed)
            default:
                index += 1
            }
        }
        cursor = index
        return count > tagLimit && tagLimit <= end ? .fault(.tagTooLong) : .exhausted
    }

    private mutating func scanValue(
        _ bytes: UnsafePointer<UInt8>, _ quote: UInt8, end: Int, count: Int, limits: XMLLimits
    ) -> Outcome? {
        let tagLimit = tokenStart + limits.tagBytes
        let stop = min(end, tagLimit)
        guard cursor < stop, let found = ligase_find_byte(bytes + cursor, quote, stop - cursor) else {
            cursor = max(cursor, stop)
            return count > tagLimit && tagLimit <= end ? .fault(.tagTooLong) : .exhausted
        }
        cursor = bytes.distance(to: found) + 1
        gapStart = cursor
        lexeme = .tag
        return nil
    }

    private mutating func finishTag(_ bytes: UnsafePointer<UInt8>, parsed: Int, limits: XMLLimits) -> Outcome? {
        longestGap = max(longestGap, cursor - gapStart)
        if longestGap > limits.nameBytes, holdsLongName(bytes, limit: limits.nameBytes) { return .fault(.nameTooLong) }
        if bytes[tokenStart + 1] == UInt8(ascii: "/") {
            depth -= 1
        } else {
            guard depth < limits.depth else { return .fault(.tooDeep) }
            if bytes[cursor - 2] != UInt8(ascii: "/") { depth += 1 }
        }
        tagEnd = cursor
        lexeme = .text
        if depth <= 0 || stopsAfterTag { return .complete }
        return cursor - parsed >= Self.batch ? .checkpoint : nil
    }

    /// Whether any run of bytes in the tag that could be a name is longer than `limit`; values are left out.
    private func holdsLongName(_ bytes: UnsafePointer<UInt8>, limit: Int) -> Bool {
        var run = 0
        var quote: UInt8?
        for index in (tokenStart + 1)..<cursor {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                quote = byte
                run = 0
            case UInt8(ascii: "="), UInt8(ascii: "/"), UInt8(ascii: ">"): run = 0
            default: run = byte.isXMLSpace ? 0 : run + 1
            }
            if run > limit { return true }
        }
        return false
    }

    private mutating func scanCharacterData(_ bytes: UnsafePointer<UInt8>, end: Int, parsed: Int) -> Outcome? {
        while cursor < end {
            guard let found = ligase_find_byte(bytes + cursor, UInt8(ascii: ">"), end - cursor) else {
                cursor = end
                return .exhausted
            }
            cursor = bytes.distance(to: found) + 1
            // The section opened with nine bytes of its own, so that two bytes before the cursor are always there.
            let isEnd =
                cursor - tokenStart >= 12 && bytes[cursor - 2] == UInt8(ascii: "]")
                && bytes[cursor - 3] == UInt8(ascii: "]")
            guard isEnd else { continue }
            lexeme = .text
            return cursor - parsed >= Self.batch ? .longCharacterData : nil
        }
        return .exhausted
    }
}

extension UInt8 {
    /// White space as XML has it (production 3).
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
