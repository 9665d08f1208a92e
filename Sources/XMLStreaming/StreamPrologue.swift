/// What stands in front of the header's tag: an XML declaration, perhaps, and white space.
enum StreamPrologue {
    /// - Parameter declaration: The size of the declaration, once that is known; 0 when there is none.
    case incomplete(declaration: Int?)
    /// The header's tag begins at `start`.
    case tag(declaration: Int, start: Int)
    case fault(MarkupFault)

    /// - Parameters:
    ///   - bytes: What was received, from the first byte that is not white space; `count` is at least 1.
    ///   - declaration: What an earlier call said.
    ///   - limit: The size of declaration and header, in octets.
    init(_ bytes: UnsafePointer<UInt8>, count: Int, declaration: Int?, limit: Int) {
        guard let size = declaration else {
            self.init(beginning: bytes, count: count, limit: limit)
            return
        }
        self.init(behind: size, bytes, count: count, limit: limit)
    }

    private init(beginning bytes: UnsafePointer<UInt8>, count: Int, limit: Int) {
        // The marks of UTF-16, and a `<` in it without a mark.
        let isWide =
            bytes[0] == 0xFE || bytes[0] == 0xFF || bytes[0] == 0x00
            || (bytes[0] == UInt8(ascii: "<") && count > 1 && bytes[1] == 0x00)
        guard !isWide else {
            self = .fault(.wrongEncoding)
            return
        }
        var matched = 0
        for expected in "<?xml".utf8 {
            guard matched < count else {
                self = .incomplete(declaration: nil)
                return
            }
            guard bytes[matched] == expected else {
                self.init(behind: 0, bytes, count: count, limit: limit)
                return
            }
            matched += 1
        }
        guard matched < count else {
            self = .incomplete(declaration: nil)
            return
        }
        guard bytes[matched].isXMLSpace else {
            self = .fault(.processingInstruction)
            return
        }
        var index = matched + 1
        while index < min(count, limit) {
            if bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "?") {
                let claims = XMLDeclaration(UnsafeBufferPointer(start: bytes, count: index + 1))
                if let fault = claims.fault {
                    self = .fault(fault)
                } else {
                    self.init(behind: index + 1, bytes, count: count, limit: limit)
                }
                return
            }
            index += 1
        }
        self = count > limit ? .fault(.headerTooBig) : .incomplete(declaration: nil)
    }

    private init(behind declaration: Int, _ bytes: UnsafePointer<UInt8>, count: Int, limit: Int) {
        var start = declaration
        let end = min(count, limit)
        while start < end, bytes[start].isXMLSpace { start += 1 }
        if start < end {
            self = bytes[start] == UInt8(ascii: "<") ? .tag(declaration: declaration, start: start) : .fault(.malformed)
        } else {
            self = count > limit ? .fault(.headerTooBig) : .incomplete(declaration: declaration)
        }
    }
}
